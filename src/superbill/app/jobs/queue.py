"""The queue: one task of django-tasks, whose row is written with the job's and tells nothing but its id."""

from django_tasks import task


@task()
def run_job(job_id: int) -> None:
    """What a worker does with a job. It never raises: what went wrong stands in the job's row."""
    from superbill.app.jobs.running import run

    run(job_id)


def enqueue(job_id: int) -> None:
    """Put the job into the queue; it is there when the transaction is."""
    run_job.enqueue(job_id)
