// Passkeys: a form with data-passkey asks the browser for a credential when its button is pressed, and is sent with it.
// "create" and "get" find what to ask in data-options; "sign-in" fetches it, so that it is fresh. Where a browser or
// the address can't (a passkey belongs to a name, never to a number such as 127.0.0.1), the form says so or stays away.

const able = () => Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);
const named = () => !/^[\d.]+$|^\[/.test(location.hostname);

async function options(form) {
  if (form.dataset.passkey !== "sign-in") return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options.publicKey;
}

async function ask(form) {
  const wanted = await options(form);
  if (form.dataset.passkey === "create") {
    wanted.authenticatorSelection = { ...wanted.authenticatorSelection, residentKey: "preferred", userVerification: "preferred" };
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(wanted) });
}

function say(form, text) {
  const said = form.querySelector("[role=alert]:last-of-type");
  said.textContent = text;
  said.hidden = !text;
}

function ready() {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = !(able() && named()) && form.dataset.passkey !== "create";
    if (form.dataset.passkey !== "create" || (able() && named())) continue;
    form.querySelector("button").disabled = true;
    say(form, able() ? `Passkeys need a name in the address. Open this page at ${location.origin.replace(location.hostname, "localhost")}.` : "This browser is too old for passkeys. Use an authenticator app.");
  }
}

document.addEventListener("click", async (event) => {
  const form = event.target.closest?.("form[data-passkey] button[type=button]")?.form;
  if (!form) return;
  say(form, "");
  try {
    const credential = await ask(form);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    say(form, error.name === "InvalidStateError" ? "This passkey is here already." : "No passkey was used. Try again, or take another way.");
  }
});

document.addEventListener("htmx:load", ready);
ready();
