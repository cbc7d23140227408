// page_script.hpp - how the chat's page talks to its room.
#pragma once
#include <string_view>

namespace chatting {

inline constexpr std::string_view page_script = R"js('use strict';

const $ = id => document.getElementById(id);
const folder = location.pathname.replace(/[^/]*$/, '');
const refused = new Set([1003, 4000]);        // closed for what we do: the same again would end the same way
const firstDelay = 500, longestDelay = 10000; // ms

let room = decodeURIComponent(location.pathname.slice(folder.length));
let name = '';
let you = '';
let people = new Set();
let shown = new Set();        // ids of messages, of all histories: after a restart the server begins a new one
let history = 0;
let socket = null;
let delay = firstDelay;
let timer = 0;
let wanted = false;           // whether to be in the room

const remembered = key => { try { return localStorage.getItem(key) || ''; } catch { return ''; } };
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch {} };

function say(id, text) {
  $(id).textContent = text;
  $(id).hidden = !text;
}

function setState(text, on) {
  $('state').textContent = text;
  $('state').className = on ? 'on' : '';
  $('say').querySelector('button').disabled = !on;
}

// Stays where the reader is, but for one who is at the end.
function append(item) {
  const log = $('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(item);
  while (log.children.length > 500) log.firstElementChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function note(text) {
  const item = document.createElement('li');
  item.className = 'note';
  item.textContent = text;
  append(item);
}

function message(said) {
  const id = history + ':' + said.id;
  if (shown.has(id)) return;
  shown.add(id);
  const item = document.createElement('li'), from = document.createElement('div'), text = document.createElement('div');
  const who = document.createElement('bdi'), when = document.createElement('time');
  const at = new Date(said.at);
  item.className = said.from === you ? 'mine' : '';
  from.className = 'from';
  who.textContent = said.from;
  when.dateTime = at.toISOString();
  when.textContent = at.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
  text.className = 'text';
  text.dir = 'auto';
  text.textContent = said.text;
  from.append(who, when);
  item.append(from, text);
  append(item);
}

function showPeople() {
  $('count').textContent = people.size === 1 ? 'Only you are here' : people.size + ' people are here';
  $('names').replaceChildren(...[...people].sort((a, b) => a.localeCompare(b)).map(each => {
    const item = document.createElement('li'), who = document.createElement('bdi');
    item.className = each === you ? 'me' : '';
    who.textContent = each;
    item.append(who);
    return item;
  }));
}

const heard = {
  welcome(m) {
    you = m.you;
    history = m.since;
    people = new Set(m.people);
    m.history.forEach(message);
    showPeople();
    delay = firstDelay;
    setState('connected', true);
    if (you !== name) note('Somebody here is called ' + name + ', so you are ' + you + '.');
  },
  said: message,
  joined(m) { people.add(m.name); showPeople(); note(m.name + ' has come in'); },
  left(m) { people.delete(m.name); showPeople(); note(m.name + ' has left'); },
  error(m) { say('complaint', m.text); },
  farewell(m) { note(m.text); },
};

function connect() {
  clearTimeout(timer);
  setState('connecting …', false);
  const url = new URL(room + '?name=' + encodeURIComponent(name), location.origin + folder);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const mine = socket = new WebSocket(url);
  mine.onmessage = event => {
    const m = JSON.parse(event.data);
    if (socket === mine && Object.hasOwn(heard, m.type)) heard[m.type](m);
  };
  mine.onclose = event => { if (socket === mine) disconnected(event); };
}

function disconnected(event) {
  socket = null;
  people.clear();
  $('names').replaceChildren();
  $('count').textContent = 'Nobody can be seen from here';
  if (!wanted) return;
  if (refused.has(event.code)) return showDoor(event.reason);
  if (event.code === 1013) say('complaint', event.reason);
  const wait = delay * (.75 + Math.random() / 2);
  delay = Math.min(delay * 1.7, longestDelay);
  setState('disconnected, retrying …', false);
  timer = setTimeout(connect, wait);
}

function showDoor(why) {
  wanted = false;
  clearTimeout(timer);
  if (socket) socket.close();
  $('inside').hidden = true;
  $('door').hidden = false;
  $('name').value = name || remembered('chat-name');
  $('room').value = room || remembered('chat-room') || 'lobby';
  say('refusal', why || '');
  $('name').focus();
}

function enter() {
  wanted = true;
  remember('chat-name', name);
  remember('chat-room', room);
  $('door').hidden = true;
  $('inside').hidden = false;
  $('where').textContent = room;
  $('people').open = matchMedia('(min-width: 42rem)').matches;
  document.title = '#' + room + ' · Chat';
  shown.clear();
  $('log').replaceChildren();
  say('complaint', '');
  connect();
  $('text').focus();
}

$('enter').onsubmit = event => {
  event.preventDefault();
  name = $('name').value.trim();
  room = $('room').value;
  window.history.pushState(null, '', folder + room);
  enter();
};

$('say').onsubmit = event => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text || !socket || socket.readyState !== WebSocket.OPEN) return;
  if ([...text].length > 1000) return say('complaint', 'A message has at most 1000 characters; this one has ' + [...text].length + '.');
  say('complaint', '');
  socket.send(JSON.stringify({type: 'say', text}));
  $('text').value = '';
  grow();
};

function grow() {
  const area = $('text');
  area.style.height = 'auto';
  area.style.height = area.scrollHeight + 2 + 'px';
}

$('text').oninput = () => { say('complaint', ''); grow(); };
$('text').onkeydown = event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('say').requestSubmit();
};

$('inside').querySelector('h1 a').onclick = event => {
  event.preventDefault();
  window.history.pushState(null, '', folder);
  showDoor();
};

window.onpopstate = () => {
  room = decodeURIComponent(location.pathname.slice(folder.length));
  if (room && name) enter(); else showDoor();
};

// Who comes back to a tab that was asleep need not wait.
document.onvisibilitychange = () => { if (!document.hidden && wanted && !socket) { delay = firstDelay; connect(); } };
window.ononline = document.onvisibilitychange;

name = remembered('chat-name');
if (room && name) enter(); else showDoor();
)js";

}  // namespace chatting
