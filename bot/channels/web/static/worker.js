// Without a connection the conversation is shown as it was last, and what is written waits in the page.
"use strict";

const CACHE = "desk-chat";
const ROOT = new URL(self.registration.scope).pathname.replace(/\/$/, "");
const EMPTY = `${ROOT}/offline`;

const kept = async (path, response) => {
  const cache = await caches.open(CACHE);
  await cache.put(path, response.clone());
  return response;
};
const withAssets = async () => {
  const response = await fetch(EMPTY);
  const page = await response.clone().text();
  const cache = await caches.open(CACHE);
  const assets = [...page.matchAll(/"([^"]*\/chat\/static\/[^"]+)"/g)].map((found) => found[1]);
  await cache.addAll([...new Set(assets)]);
  await kept(EMPTY, response);
};

self.addEventListener("install", (event) => event.waitUntil(withAssets().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const page = async (request) => {
  try {
    const response = await fetch(request);
    return response.ok && !response.redirected ? kept(ROOT, response) : response;
  } catch (error) {
    const cache = await caches.open(CACHE);
    const found = (await cache.match(ROOT)) || (await cache.match(EMPTY));
    if (found) return found;
    throw error;
  }
};
const asset = async (request) => {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  return found || kept(request, await fetch(request));
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith(`${ROOT}/static/`)) event.respondWith(asset(request));
  else if (request.mode === "navigate" && pathname === ROOT) event.respondWith(page(request));
});
