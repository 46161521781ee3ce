// One session of `kafedra.rtc.v1`: its socket with resume, and its two media connections with ICE restart.

export const SUBPROTOCOL = 'kafedra.rtc.v1'

const SIMULCAST = [
  { rid: 'low', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'mid', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'high', maxBitrate: 1_700_000 },
]
const PING_MS = 10_000
const SILENCE_MS = 25_000
const STATS_MS = 10_000
const DISCONNECTED_MS = 3_000
const REQUEST_MS = 10_000
const RESUME_WITHIN_MS = 30_000

export const wait = ms => new Promise(done => setTimeout(done, ms))

/** A request that the server refused. */
export class RtcError extends Error {
  constructor(code, message, retryMs) {
    super(message)
    this.code = code
    this.retryMs = retryMs
  }
}

/** One session: a socket that may be replaced, and two media connections that live on meanwhile. */
export class Connection {
  isUp = false
  bye = null
  #lesson; #ticket; #config
  /** @type {WebSocket|null} */ #socket = null
  #sid = ''; #secret = ''; #lastSeq = 0
  #nextId = 1
  /** @type {Map<number, {resolve: Function, reject: Function, timer: any}>} */ #requests = new Map()
  #closed = false
  #heardAt = 0
  #timers = []
  /** @type {RTCPeerConnection|null} */ pub = null
  /** @type {RTCPeerConnection|null} */ sub = null
  /** @type {Map<string, RTCRtpTransceiver>} */ #senders = new Map()
  #answer = null
  #pubQueue = Promise.resolve()
  #subQueue = Promise.resolve()
  #watch = {}
  #startedAt = performance.now()
  #freezes = 0; #freezeMs = 0; #lostBefore = 0; #receivedBefore = 0

  constructor(lesson, ticket, relayOnly) {
    this.#lesson = lesson
    this.#ticket = ticket
    this.#config = {
      iceServers: ticket.ice_servers ?? [],
      bundlePolicy: 'max-bundle',
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
    }
  }

  async open() {
    const welcome = await this.#connect({ token: this.#ticket.token })
    this.#timers.push(setInterval(() => this.#ping(), PING_MS))
    this.#timers.push(setInterval(() => this.#sendStats(), STATS_MS))
    this.#watchFirstFrame()
    return welcome
  }

  /** @returns {Promise<any>} the welcome */
  #connect(hello) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.#ticket.url, SUBPROTOCOL)
      this.#socket = socket
      let bye = null
      let welcomed = false
      socket.onopen = () => socket.send(JSON.stringify({ t: 'hello', d: hello }))
      socket.onmessage = event => {
        this.#heardAt = performance.now()
        const frame = JSON.parse(event.data)
        this.#lastSeq = Math.max(this.#lastSeq, frame.seq)
        if (frame.t === 'welcome') {
          welcomed = true
          this.isUp = true
          this.#sid = frame.d.sid
          this.#secret = frame.d.resume_secret
          resolve(frame.d)
        } else if (frame.t === 'bye') {
          bye = frame.d
          this.bye = bye
          // The order to move leaves the socket open: media goes on until the next node has us.
          if (welcomed && bye.action === 'rejoin') this.#lesson.lost(this, bye)
        } else this.#take(frame)
      }
      socket.onclose = event => {
        if (socket !== this.#socket) return
        this.isUp = false
        if (!welcomed) {
          const refusal = new RtcError(String(event.code), 'the server refused the connection')
          reject(Object.assign(refusal, bye ?? { action: 'rejoin', retry_ms: 300 }))
        } else this.#closedBy(event, bye)
      }
    })
  }

  #closedBy(event, bye) {
    if (this.#closed) return
    if (bye && bye.action !== 'resume') {
      this.bye = bye
      this.#lesson.lost(this, bye)
      return
    }
    if (event.code === 1000) return
    this.#resume()
  }

  async #resume() {
    this.#lesson.reconnecting(this, true)
    const until = performance.now() + RESUME_WITHIN_MS
    for (let attempt = 0; !this.#closed && performance.now() < until; attempt++) {
      await wait(attempt === 0 ? 50 : Math.min(200 * 1.6 ** attempt, 2_000))
      try {
        const last_seq = this.#lastSeq
        const welcome = await this.#connect({ resume: { sid: this.#sid, secret: this.#secret, last_seq } })
        this.#lesson.resumed(this, welcome)
        return
      } catch (error) {
        // Refused: the session is gone. Unreachable: the node may be gone, and another one has the lesson soon.
        if (error.code !== '1006' || attempt >= 2) break
      }
    }
    if (!this.#closed) {
      this.bye = { code: 1006, action: 'rejoin', retry_ms: 100 }
      this.#lesson.lost(this, this.bye)
    }
  }

  request(t, d) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      const timer = setTimeout(() => {
        this.#requests.delete(id)
        reject(new RtcError('timeout', `no answer to ${t}`))
      }, REQUEST_MS)
      this.#requests.set(id, { resolve, reject, timer })
      if (!this.#send({ t, id, d })) {
        clearTimeout(timer)
        this.#requests.delete(id)
        reject(new RtcError('disconnected', 'the socket is lost'))
      }
    })
  }

  #send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  #take(frame) {
    if (frame.t === 'ok' || frame.t === 'error') {
      const request = this.#requests.get(frame.re)
      if (!request) return
      this.#requests.delete(frame.re)
      clearTimeout(request.timer)
      if (frame.t === 'ok') request.resolve(frame.d)
      else request.reject(new RtcError(frame.d.code, frame.d.message, frame.d.retry_ms))
    } else if (frame.t === 'pub.answer') this.#answer = frame.d
    else if (frame.t === 'sub.offer') this.#subQueue = this.#subQueue.then(() => this.#receive(frame.d)).catch(report)
    else this.#lesson.take(frame)
  }

  #ping() {
    if (performance.now() - this.#heardAt > SILENCE_MS) this.#socket?.close(4000)
    else this.#send({ t: 'ping' })
  }

  /** Makes the publishing connection carry exactly these tracks. */
  publish(local, iceRestart = false) {
    const next = this.#pubQueue.then(() => this.#negotiate(local, iceRestart))
    this.#pubQueue = next.catch(report)
    return next
  }

  async #negotiate(local, iceRestart) {
    if (this.#closed) return
    if (!this.pub) {
      this.pub = new RTCPeerConnection(this.#config)
      this.#watchIce(this.pub, 'pub')
    }
    for (const [source, transceiver] of this.#senders) {
      if (!local.has(source) && transceiver.direction !== 'inactive') {
        transceiver.direction = 'inactive'
        await transceiver.sender.replaceTrack(null)
      }
    }
    for (const [source, { track }] of local) {
      const known = this.#senders.get(source)
      if (known) {
        if (known.sender.track !== track) await known.sender.replaceTrack(track)
        known.direction = 'sendonly'
      } else {
        const init = { direction: 'sendonly' }
        if (source === 'camera') init.sendEncodings = SIMULCAST.map(layer => ({ ...layer }))
        if (source === 'screen') track.contentHint = 'detail'
        this.#senders.set(source, this.pub.addTransceiver(track, init))
      }
    }
    const offer = await this.pub.createOffer({ iceRestart })
    await this.pub.setLocalDescription(offer)
    const tracks = [...local].map(([source, { muted }]) => ({ mid: this.#senders.get(source).mid, source, muted }))
    await this.#offer({ sdp: offer.sdp, ice_restart: iceRestart, tracks })
    await this.pub.setRemoteDescription({ type: 'answer', sdp: this.#answer.sdp })
    for (const track of this.#answer.tracks) this.#lesson.take({ t: 'track', d: { op: 'changed', track } })
  }

  async #offer(data) {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.request('pub.offer', data)
      } catch (error) {
        const again = error.code === 'too_fast' || error.code === 'disconnected'
        if (!again || attempt > 20 || this.#closed) throw error
        await wait(error.retryMs ?? 500)
      }
    }
  }

  async #receive({ nid, sdp, map }) {
    if (this.#closed) return
    if (!this.sub) {
      this.sub = new RTCPeerConnection(this.#config)
      this.#watchIce(this.sub, 'sub')
    }
    await this.sub.setRemoteDescription({ type: 'offer', sdp })
    const answer = await this.sub.createAnswer()
    await this.sub.setLocalDescription(answer)
    const byMid = new Map(this.sub.getTransceivers().map(one => [one.mid, one.receiver.track]))
    const received = new Map()
    for (const { mid, track } of map) if (byMid.has(mid)) received.set(track, byMid.get(mid))
    this.#lesson.received(this, received)
    await this.#answerOffer({ nid, sdp: answer.sdp })
  }

  async #answerOffer(data) {
    for (let attempt = 0; attempt < 20 && !this.#closed; attempt++) {
      try {
        return await this.request('sub.answer', data)
      } catch (error) {
        if (error.code !== 'disconnected') throw error
        await wait(500)
      }
    }
  }

  restartIce(which) {
    if (which === 'sub') return this.request('ice.restart', { pc: 'sub' })
    return this.publish(this.#published(), true)
  }

  #published() {
    const sending = [...this.#senders].filter(([, transceiver]) => transceiver.sender.track)
    return new Map(sending.map(([source, { sender }]) => [source, { track: sender.track, muted: !sender.track.enabled }]))
  }

  /** Restarts ICE when a connection fails, or is disconnected for three seconds; joins again when that fails twice. */
  #watchIce(pc, which) {
    const watch = { restarts: 0, timer: null }
    this.#watch[which] = watch
    const restart = () => {
      watch.timer = null
      if (this.#closed || pc.connectionState === 'closed') return
      if (watch.restarts++ < 2) this.restartIce(which).catch(report)
      else if (this.isUp) this.#lesson.lost(this, { code: 0, action: 'rejoin', retry_ms: 0 })
    }
    pc.oniceconnectionstatechange = () => {
      clearTimeout(watch.timer)
      const state = pc.iceConnectionState
      if (state === 'connected' || state === 'completed') watch.restarts = 0
      else if (state === 'failed') restart()
      else if (state === 'disconnected') watch.timer = setTimeout(restart, DISCONNECTED_MS)
    }
  }

  async #watchFirstFrame() {
    for (let attempt = 0; attempt < 400 && !this.#closed; attempt++) {
      await wait(25)
      const stats = this.sub ? [...(await this.sub.getStats()).values()] : []
      if (stats.some(one => one.type === 'inbound-rtp' && one.framesDecoded > 0)) {
        this.#lesson.firstFrameMs = Math.round(performance.now() - this.#startedAt)
        this.#send({ t: 'stats', d: { join_ms: this.#lesson.firstFrameMs } })
        return
      }
    }
  }

  async #sendStats() {
    if (!this.sub || !this.isUp) return
    let lost = 0, received = 0, jitter = 0, freezes = 0, freezeMs = 0, rtt = null
    for (const one of (await this.sub.getStats()).values()) {
      if (one.type === 'inbound-rtp') {
        lost += one.packetsLost ?? 0
        received += one.packetsReceived ?? 0
        jitter = Math.max(jitter, (one.jitter ?? 0) * 1_000)
        freezes += one.freezeCount ?? 0
        freezeMs += Math.round((one.totalFreezesDuration ?? 0) * 1_000)
      } else if (one.type === 'candidate-pair' && one.nominated && one.currentRoundTripTime !== undefined) {
        rtt = one.currentRoundTripTime * 1_000
      }
    }
    const lostNow = Math.max(lost - this.#lostBefore, 0)
    const all = Math.max(received - this.#receivedBefore, 0) + lostNow
    const d = {
      rtt_ms: rtt,
      loss: all > 0 ? lostNow / all : null,
      jitter_ms: jitter,
      freezes: Math.max(freezes - this.#freezes, 0),
      freeze_ms: Math.max(freezeMs - this.#freezeMs, 0),
    }
    this.#lostBefore = lost
    this.#receivedBefore = received
    this.#freezes = freezes
    this.#freezeMs = freezeMs
    this.#send({ t: 'stats', d })
  }

  /** Cuts the socket without a word, as a lost network would. For tests. */
  cut() { this.#socket?.close(4000) }

  closeMedia() {
    this.pub?.close()
    this.sub?.close()
    this.pub = this.sub = null
    this.#senders.clear()
    this.#lesson.received(this, new Map())
  }

  close() {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    for (const { reject, timer } of this.#requests.values()) {
      clearTimeout(timer)
      reject(new RtcError('disconnected', 'the session is closed'))
    }
    this.#requests.clear()
    this.pub?.close()
    this.sub?.close()
    this.#socket?.close(1000)
  }
}

function report(error) {
  if (error?.code !== 'disconnected') console.warn('rtc', error)
}
