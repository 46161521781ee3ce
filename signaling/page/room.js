// The page of development: device check, lobby, grid, controls. The client for people comes with the web client.
import { Lesson } from './rtc.js'

const $ = id => document.getElementById(id)
const query = new URLSearchParams(location.search)
const lessonId = query.get('lesson') ?? localStorage.lesson ?? (localStorage.lesson = crypto.randomUUID())
const participant = sessionStorage.participant ??= crypto.randomUUID()
$('lesson').textContent = lessonId
history.replaceState(null, '', `?lesson=${lessonId}`)

const own = { mic: null, camera: null, screen: null, screen_audio: null }
let lesson = null
let muted = { mic: false, camera: false }

const element = (tag, props = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props)
  made.append(...children)
  return made
}

async function checkDevices() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } })
    ;[own.mic] = stream.getAudioTracks()
    ;[own.camera] = stream.getVideoTracks()
    $('preview').srcObject = stream
    $('devices').textContent = `${own.camera?.label ?? 'Без камеры'} · ${own.mic?.label ?? 'Без микрофона'}`
    meter(stream)
  } catch (error) {
    $('devices').textContent = `Без камеры и микрофона (${error.name}): вы увидите и услышите остальных.`
  }
}

function meter(stream) {
  if (!own.mic) return
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Uint8Array(analyser.fftSize)
  const show = () => {
    analyser.getByteTimeDomainData(samples)
    const peak = Math.max(...samples.map(sample => Math.abs(sample - 128)))
    $('meter').firstElementChild.style.width = `${Math.min(peak * 1.5, 100)}%`
    if (lesson) context.close()
    else requestAnimationFrame(show)
  }
  show()
}

async function fetchTicket(name, role) {
  const ask = new URLSearchParams({ lesson: lessonId, participant, name, role })
  const answer = await fetch(`/dev/token?${ask}`, { method: 'POST' })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

async function enter(name, role) {
  lesson = new Lesson({ fetchToken: () => fetchTicket(name, role) })
  window.lesson = lesson
  lesson.addEventListener('change', render)
  lesson.addEventListener('end', event => notice(event.detail.code === 4410 ? 'Урок закончен' : `Соединение закрыто (${event.detail.code})`))
  lesson.addEventListener('denied', () => notice('Учитель попросил подождать или выйти'))
  for (const id of ['top', 'room', 'controls']) $(id).hidden = false
  $('door').hidden = true
  await lesson.join()
  if (role !== 'observer') for (const source of ['mic', 'camera']) {
    if (own[source]) await lesson.publish(source, own[source], muted[source])
  }
}

function notice(text) {
  $('notice').textContent = text
  $('notice').hidden = !text
}

/** @type {Map<string, HTMLElement>} */
const tiles = new Map()

/** @type {Map<string, () => void>} */
const fits = new Map()

function tile(id, track, build) {
  if (!tiles.has(id)) {
    const made = build()
    tiles.set(id, made)
    $('stage').append(made)
    fits.set(id, lesson.fit(track, made))
  }
  return tiles.get(id)
}

function removeTile(id) {
  fits.get(id)()
  fits.delete(id)
  tiles.get(id).remove()
  tiles.delete(id)
}

function setVideo(box, track) {
  const video = box.querySelector('video')
  const shown = video.srcObject?.getVideoTracks()[0]
  if (shown !== (track ?? undefined)) video.srcObject = track ? new MediaStream([track]) : null
  video.hidden = !track
}

function render() {
  const mine = lesson.me
  const inside = [...lesson.participants.values()]
  const wanted = new Set()
  for (const person of inside) {
    wanted.add(person.id)
    const box = tile(person.id, `${person.id}:camera`, () => personTile(person))
    const camera = lesson.tracks.get(`${person.id}:camera`)
    const mic = lesson.tracks.get(`${person.id}:mic`)
    const isMine = person.id === mine
    setVideo(box, camera?.muted ? null : isMine ? own.camera : lesson.media.get(`${person.id}:camera`))
    box.classList.toggle('speaks', lesson.speakers.includes(person.id))
    box.querySelector('.name').textContent = `${mic && !mic.muted ? '' : '(без звука) '}${isMine ? 'Вы' : person.name}${person.connected ? '' : ' …'}`
    const hand = lesson.hands.indexOf(person.id)
    box.querySelector('.badge').hidden = hand < 0
    box.querySelector('.badge').textContent = `Рука ${hand + 1}`
    const level = lesson.quality.get(person.id) ?? ''
    box.querySelector('.quality').textContent = { good: '▂▄▆', fair: '▂▄', poor: '▂' }[level] ?? ''
    box.querySelector('.quality').className = `quality ${level}`
  }
  let screen = false
  for (const track of lesson.tracks.values()) {
    if (track.source !== 'screen') continue
    screen = true
    const id = track.id
    wanted.add(id)
    const box = tile(id, id, () => element('div', { className: 'tile screen' },
      element('video', { autoplay: true, muted: true, playsInline: true }), element('span', { className: 'name' })))
    setVideo(box, track.participant === mine ? own.screen : lesson.media.get(id))
    const name = lesson.participants.get(track.participant)?.name ?? ''
    box.querySelector('.name').textContent = `${name} показывает экран`
  }
  for (const id of [...tiles.keys()]) if (!wanted.has(id)) removeTile(id)
  $('stage').classList.toggle('screen', screen)
  $('stage').style.setProperty('--people', inside.length)
  playSound()
  renderLobby()
  renderChat()
  renderControls(inside)
}

const initials = name => name.split(/\s+/).map(word => word[0] ?? '').join('').slice(0, 2).toUpperCase()

function personTile(person) {
  const acts = element('div', { className: 'acts' })
  if (lesson.grants.moderate && person.id !== lesson.me) {
    const act = (label, op) => element('button', { textContent: label, onclick: () => lesson.moderate(op, person.id).catch(complain) })
    acts.append(act('Без звука', 'mute'), act('Без камеры', 'stop_video'), act('В лобби', 'to_lobby'), act('Удалить', 'remove'))
  }
  return element('div', { className: `tile ${person.id === lesson.me ? 'own' : ''}` },
    element('span', { className: 'initials', textContent: initials(person.name) }),
    element('video', { autoplay: true, muted: true, playsInline: true }), element('span', { className: 'name' }),
    element('span', { className: 'badge', hidden: true }), element('span', { className: 'quality' }), acts)
}

const sounds = new Map()
function playSound() {
  for (const [id, track] of lesson.media) {
    if (track.kind === 'audio' && sounds.get(id)?.srcObject?.getTracks()[0] !== track) {
      sounds.get(id)?.remove()
      const audio = element('audio', { autoplay: true, srcObject: new MediaStream([track]) })
      sounds.set(id, audio)
      document.body.append(audio)
    }
  }
  for (const [id, audio] of sounds) if (!lesson.media.has(id)) { audio.remove(); sounds.delete(id) }
}

function renderLobby() {
  $('lobby').replaceChildren(...lesson.lobby.map(person => element('p', {}, `${person.name} ждёт `,
    element('button', { className: 'on', textContent: 'Впустить', onclick: () => lesson.moderate('admit', person.id).catch(complain) }),
    element('button', { textContent: 'Нет', onclick: () => lesson.moderate('deny', person.id).catch(complain) }))))
}

function renderChat() {
  if ($('log').childElementCount === lesson.chat.length) return
  $('log').replaceChildren(...lesson.chat.map(message => element('p', {},
    element('strong', { textContent: message.participant === lesson.me ? 'Вы' : message.name }),
    element('span', { className: 'dim', textContent: ` ${new Date(message.at).toLocaleTimeString('ru', { hour: '2-digit', minute: '2-digit' })}` }),
    element('br'), message.text)))
  $('log').lastElementChild?.scrollIntoView()
}

function renderControls(inside) {
  const track = source => lesson.tracks.get(`${lesson.me}:${source}`)
  $('mic').classList.toggle('on', Boolean(track('mic') && !track('mic').muted))
  $('camera').classList.toggle('on', Boolean(track('camera') && !track('camera').muted))
  $('screen').classList.toggle('on', Boolean(track('screen')))
  $('hand').classList.toggle('on', lesson.hands.includes(lesson.me))
  $('lock').hidden = $('end').hidden = !lesson.grants.moderate
  $('lock').textContent = lesson.locked ? 'Открыть дверь' : 'Закрыть дверь'
  $('count').textContent = `Участников: ${inside.length}`
  const hour = at => new Date(at).toLocaleTimeString('ru', { hour: '2-digit', minute: '2-digit' })
  const teacher = inside.find(person => person.role === 'teacher')?.name
  if (lesson.startsAt && lesson.endsAt) $('span').textContent = [`${hour(lesson.startsAt)}–${hour(lesson.endsAt)}`, teacher].filter(Boolean).join(' · ')
  $('state').className = `chip ${lesson.phase}`
  $('state').textContent = { connecting: 'Соединяемся…', lobby: 'Ждём учителя', in: 'На связи', reconnecting: 'Связь потеряна, восстанавливаем…', ended: 'Вы вышли' }[lesson.phase] ?? ''
  if (lesson.phase === 'in') notice('')
}

const complain = error => notice(error.message)

async function shareScreen() {
  if (own.screen) {
    own.screen.stop()
    own.screen = null
    await lesson.unpublish('screen_audio')
    return lesson.unpublish('screen')
  }
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true })
  ;[own.screen] = stream.getVideoTracks()
  ;[own.screen_audio] = stream.getAudioTracks()
  own.screen.onended = () => { own.screen = null; lesson.unpublish('screen_audio'); lesson.unpublish('screen') }
  await lesson.publish('screen', own.screen)
  if (own.screen_audio) await lesson.publish('screen_audio', own.screen_audio)
}

function toggle(source) {
  muted[source] = !lesson.tracks.get(`${lesson.me}:${source}`)?.muted
  return lesson.mute(source, muted[source]).catch(complain)
}

$('enter').onsubmit = event => {
  event.preventDefault()
  localStorage.name = $('name').value
  enter($('name').value, $('role').value).catch(complain)
}
$('say').onsubmit = event => {
  event.preventDefault()
  lesson.say($('text').value).then(() => { $('text').value = '' }).catch(complain)
}
$('mic').onclick = () => toggle('mic')
$('camera').onclick = () => toggle('camera')
$('screen').onclick = () => shareScreen().catch(complain)
$('hand').onclick = () => lesson.hand(!lesson.hands.includes(lesson.me)).catch(complain)
$('lock').onclick = () => lesson.moderate(lesson.locked ? 'unlock' : 'lock').catch(complain)
$('leave').onclick = () => lesson.leave()
$('end').onclick = () => lesson.moderate('end').catch(complain)
addEventListener('keydown', event => {
  if (!lesson || event.target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return
  const act = { m: 'mic', v: 'camera', h: 'hand', ь: 'mic', м: 'camera', р: 'hand' }[event.key.toLowerCase()]
  if (act) $(act).click()
})
setInterval(() => {
  if (!lesson?.endsAt) return
  const left = Math.round((new Date(lesson.endsAt) - Date.now()) / 60_000)
  $('time').textContent = left >= 0 ? `ещё ${left} мин` : `закончился ${-left} мин назад`
}, 1_000)

$('name').value = query.get('name') ?? localStorage.name ?? ''
if (query.get('role')) $('role').value = query.get('role')
if (!query.has('bare')) checkDevices()
