/* Passkeys: the browser is asked, and its answer is sent with the form. What to ask stands in data-options, or is fetched. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential) { return; }
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const create = async (publicKey) => {
    /* A key that the device finds again by itself logs in without a password; where it cannot, it is a second step. */
    const selection = { ...publicKey.authenticatorSelection, residentKey: "preferred", requireResidentKey: false };
    const credential = await navigator.credentials.create({ publicKey: {
      ...publicKey,
      authenticatorSelection: selection,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials),
    } });
    return { credential, response: {
      attestationObject: text(credential.response.attestationObject),
      transports: credential.response.getTransports ? credential.response.getTransports() : [],
    } };
  };

  const get = async (publicKey) => {
    const credential = await navigator.credentials.get({ publicKey: {
      ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials),
    } });
    const answer = credential.response;
    return { credential, response: {
      authenticatorData: text(answer.authenticatorData),
      signature: text(answer.signature),
      userHandle: answer.userHandle ? text(answer.userHandle) : null,
    } };
  };

  const asked = async (form) => {
    if (form.dataset.options) { return JSON.parse(form.dataset.options); }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  };

  document.querySelectorAll("[data-needs-script]").forEach((hint) => { hint.hidden = true; });
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    const error = form.querySelector("[data-passkey-error]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      error.hidden = true;
      try {
        const { publicKey } = await asked(form);
        const { credential, response } = await (form.dataset.passkey === "create" ? create : get)(publicKey);
        form.elements.credential.value = JSON.stringify({
          type: credential.type,
          id: credential.id,
          rawId: text(credential.rawId),
          authenticatorAttachment: credential.authenticatorAttachment,
          clientExtensionResults: credential.getClientExtensionResults(),
          response: { ...response, clientDataJSON: text(credential.response.clientDataJSON) },
        });
        form.submit();
      } catch {
        error.hidden = false;
      }
    });
  });
})();
