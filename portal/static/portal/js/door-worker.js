/* Lets the list at the door open without a connection. It keeps what that one page needs, and asks the portal first. */
"use strict";
const CACHE = `door:${new URL(self.registration.scope).pathname}`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = async (request) => (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) || Response.error();
const asked = async (request) => {
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return kept(request);
  }
  if (request.mode === "navigate" && [403, 404, 410].includes(answer.status)) {
    /* The door is closed: no name stays here. */
    await caches.delete(CACHE);
  } else if (answer.ok && !answer.redirected) {
    await (await caches.open(CACHE)).put(request, answer.clone());
  }
  return answer;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = new URL(request.url).origin === self.location.origin;
  if (request.method === "GET" && ours) { event.respondWith(asked(request)); }
});
