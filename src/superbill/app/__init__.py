"""The app: people at work on one database. The only room, with the command line, that knows Django."""
