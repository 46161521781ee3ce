// The client of `kafedra.rtc.v1`: one lesson, its state, and joining again when a session is lost.
// A plain ES module without dependencies. Types follow /rtc/schema.json.

/** @typedef {'teacher'|'student'|'observer'} Role */
/** @typedef {'mic'|'camera'|'screen'|'screen_audio'} Source */
/** @typedef {'low'|'mid'|'high'} Quality */
/** @typedef {{id: string, name: string, role: Role, connected: boolean}} Participant */
/** @typedef {{id: string, participant: string, source: Source, muted: boolean, muted_by_moderator: boolean}} Track */
/** @typedef {{id: string, participant: string, name: string, text: string, at: string}} ChatMessage */
/** @typedef {{publish: Source[], chat: boolean, moderate: boolean, record: boolean}} Grants */
/** @typedef {{url: string, token: string, ice_servers: RTCIceServer[]}} Ticket */
/** @typedef {'idle'|'connecting'|'lobby'|'in'|'reconnecting'|'ended'} Phase */

import { Connection, RtcError, wait } from './connection.js'

export { RtcError, SUBPROTOCOL } from './connection.js'

/**
 * One lesson. Dispatches `change` when its state differs, `track` and `trackgone` for received media,
 * `chat` for a new message, `denied` and `end`.
 */
export class Lesson extends EventTarget {
  /** @type {Phase} */ phase = 'idle'
  /** @type {string} */ me = ''
  /** @type {Role} */ role = 'student'
  /** @type {Grants} */ grants = { publish: [], chat: false, moderate: false, record: false }
  /** @type {Map<string, Participant>} */ participants = new Map()
  /** @type {Map<string, Track>} */ tracks = new Map()
  /** @type {Map<string, MediaStreamTrack>} received media by track id */ media = new Map()
  /** @type {Participant[]} */ lobby = []
  /** @type {string[]} */ hands = []
  /** @type {string[]} */ speakers = []
  /** @type {ChatMessage[]} */ chat = []
  /** @type {Map<string, 'poor'|'fair'|'good'>} */ quality = new Map()
  locked = false
  startsAt = ''
  endsAt = ''
  /** Milliseconds from `join` to the first decoded frame. */ firstFrameMs = null

  #fetchToken
  #relayOnly
  /** @type {Connection|null} */ #connection = null
  /** @type {Map<Source, {track: MediaStreamTrack, muted: boolean}>} */ #local = new Map()
  #rejoining = false
  /** @type {Map<string, {track: string, on: boolean, q: Quality}>} */ #fitted = new Map()
  /** @type {Map<string, string>} choices that the server has */ #sent = new Map()
  #wanting = null

  /** @param {{fetchToken: () => Promise<Ticket>, relayOnly?: boolean}} options */
  constructor({ fetchToken, relayOnly = false }) {
    super()
    this.#fetchToken = fetchToken
    this.#relayOnly = relayOnly
  }

  /** Enters the lobby or the room; resolves with the welcome. */
  async join() {
    this.#set({ phase: this.phase === 'idle' ? 'connecting' : 'reconnecting' })
    const ticket = await this.#fetchToken()
    const connection = new Connection(this, ticket, this.#relayOnly)
    const welcome = await connection.open()
    const old = this.#connection
    this.#connection = connection
    old?.close()
    this.#sent.clear()
    this.#welcome(welcome)
    await this.#republish()
    return welcome
  }

  /** Publishes a track of this source, or replaces the present one. @param {Source} source */
  async publish(source, track, muted = false) {
    this.#local.set(source, { track, muted })
    track.enabled = !muted
    if (this.phase === 'in') await this.#connection.publish(this.#local)
  }

  /** @param {Source} source */
  async unpublish(source) {
    if (this.#local.delete(source) && this.phase === 'in') await this.#connection.publish(this.#local)
  }

  /** Mutes or unmutes an own track, here and on the server. @param {Source} source */
  async mute(source, muted) {
    const local = this.#local.get(source)
    if (!local) return
    local.muted = muted
    local.track.enabled = !muted
    await this.request('track.mute', { track: `${this.me}:${source}`, muted })
  }

  /** Chooses what to receive. @param {{track: string, on?: boolean, q?: Quality}[]} set */
  want(set) {
    return this.request('sub.want', { set: set.map(one => ({ on: true, q: 'high', ...one })) })
  }

  /**
   * Chooses the layer of a received picture by the size of the element that shows it, and follows its changes;
   * an element that is not shown gets nothing. Returns a function that ends this.
   * @param {string} track @param {Element} element
   */
  fit(track, element) {
    const observer = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      const pixels = width * devicePixelRatio
      this.#fitted.set(track, { track, on: width > 0 && height > 0, q: pixels <= 320 ? 'low' : pixels <= 640 ? 'mid' : 'high' })
      this.#wantSoon()
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      this.#fitted.delete(track)
    }
  }

  /** Sends the choices that the server does not have yet: all changes of a moment in one request. */
  #wantSoon() {
    this.#wanting ??= setTimeout(() => {
      this.#wanting = null
      const set = [...this.#fitted.values()].filter(({ track, on, q }) =>
        this.tracks.has(track) && this.media.has(track) && this.#sent.get(track) !== `${on} ${q}`)
      if (set.length === 0 || this.phase !== 'in') return
      for (const { track, on, q } of set) this.#sent.set(track, `${on} ${q}`)
      this.want(set).catch(() => { for (const { track } of set) this.#sent.delete(track) })
    }, 200)
  }

  say(text) { return this.request('chat.send', { text }) }
  hand(up) { return this.request('hand', { up }) }
  moderate(op, target, source) { return this.request('mod', { op, target, source }) }
  consent(agreed) { return this.request('record.consent', { agreed }) }

  /** Restarts ICE of one of the connections. @param {'pub'|'sub'} which */
  restartIce(which) { return this.#connection.restartIce(which) }

  /** Sends a request; rejects with `RtcError` if it is refused. */
  request(type, data) {
    if (!this.#connection) return Promise.reject(new RtcError('wrong_state', 'not connected'))
    return this.#connection.request(type, data)
  }

  async leave() {
    const connection = this.#connection
    this.#connection = null
    this.#set({ phase: 'ended' })
    await connection?.request('leave').catch(() => {})
    connection?.close()
  }

  /** For tests and diagnosis. */
  get debug() { return this.#connection }

  /** Called by a connection that is lost for good. @param {{code: number, action: string, retry_ms: number}} bye */
  async lost(connection, bye) {
    if (connection !== this.#connection || this.#rejoining) return
    if (bye.action === 'stop') {
      connection.close()
      this.#connection = null
      this.#set({ phase: 'ended' })
      this.dispatchEvent(new CustomEvent('end', { detail: bye }))
      return
    }
    this.#rejoining = true
    if (!connection.isUp) this.#set({ phase: 'reconnecting' })
    let pause = bye.retry_ms ?? 300
    for (let attempt = 0; attempt < 60 && this.#connection === connection; attempt++) {
      await wait(pause)
      try {
        await this.join()
        break
      } catch (error) {
        if (error.action === 'stop') {
          this.#rejoining = false
          return this.lost(connection, error)
        }
        pause = Math.min(250 * 1.5 ** attempt, 2_000)
      }
    }
    this.#rejoining = false
    // The socket may have been lost again while this was going on.
    if (this.#connection && this.#connection !== connection && this.#connection.bye) {
      this.lost(this.#connection, this.#connection.bye)
    }
  }

  reconnecting(connection, lost) {
    if (connection !== this.#connection) return
    if (lost && (this.phase === 'in' || this.phase === 'lobby')) this.#set({ phase: 'reconnecting' })
  }

  resumed(connection, welcome) {
    if (connection === this.#connection) this.#welcome(welcome)
  }

  received(connection, map) {
    if (connection !== this.#connection && this.#connection) return
    for (const id of this.media.keys()) {
      if (!map.has(id)) {
        this.media.delete(id)
        this.#sent.delete(id)
        this.dispatchEvent(new CustomEvent('trackgone', { detail: { id } }))
      }
    }
    for (const [id, track] of map) {
      if (this.media.get(id) !== track) {
        this.media.set(id, track)
        this.dispatchEvent(new CustomEvent('track', { detail: { id, track, info: this.tracks.get(id) } }))
      }
    }
    this.#wantSoon()
    this.#changed()
  }

  /** @param {{t: string, d: any}} frame */
  take(frame) {
    const d = frame.d
    switch (frame.t) {
      case 'lobby': this.lobby = d.waiting; break
      case 'admitted': this.#room(d); this.#set({ phase: 'in' }); this.#republish(); break
      case 'denied':
        if (d.reason === 'to_lobby') {
          this.#room({ participants: [], tracks: [], hands: [], chat_tail: [] })
          this.#connection.closeMedia()
          this.#set({ phase: 'lobby' })
        }
        this.dispatchEvent(new CustomEvent('denied', { detail: d }))
        break
      case 'participant':
        if (d.op === 'left') this.participants.delete(d.participant.id)
        else this.participants.set(d.participant.id, d.participant)
        if (d.op === 'left') {
          for (const [id, track] of this.tracks) if (track.participant === d.participant.id) this.tracks.delete(id)
        }
        break
      case 'track': this.#track(d.op, d.track); break
      case 'speakers': this.speakers = d.participants; break
      case 'hands': this.hands = d.participants; break
      case 'chat':
        if (this.chat.some(message => message.id === d.id)) return
        this.chat.push(d)
        this.dispatchEvent(new CustomEvent('chat', { detail: d }))
        break
      case 'room': this.locked = d.locked; this.endsAt = d.ends_at; break
      case 'grants': this.grants = d; break
      case 'quality': this.quality.set(d.participant, d.level); break
      default: return
    }
    this.#changed()
  }

  #track(op, track) {
    if (op === 'removed') this.tracks.delete(track.id)
    else this.tracks.set(track.id, track)
    if (track.participant !== this.me) return
    const local = this.#local.get(track.source)
    if (op === 'removed' && local) this.#local.delete(track.source)
    else if (local) {
      local.muted = track.muted
      local.track.enabled = !track.muted
    }
  }

  #welcome(d) {
    this.me = d.me
    this.role = d.role
    this.grants = d.grants
    this.startsAt = d.starts_at
    if (d.state === 'in') this.#room(d)
    this.#set({ phase: d.state === 'in' ? 'in' : 'lobby' })
  }

  #room(d) {
    this.participants = new Map(d.participants.map(one => [one.id, one]))
    this.tracks = new Map(d.tracks.map(one => [one.id, one]))
    this.hands = d.hands
    this.chat = [...d.chat_tail]
    this.locked = d.locked ?? false
    if (d.ends_at) this.endsAt = d.ends_at
  }

  async #republish() {
    for (const source of this.#local.keys()) {
      if (!this.grants.publish.includes(source)) this.#local.delete(source)
    }
    if (this.phase === 'in' && this.#local.size > 0) await this.#connection.publish(this.#local)
  }

  #set(state) {
    Object.assign(this, state)
    this.#changed()
  }

  #changed() { this.dispatchEvent(new Event('change')) }
}
