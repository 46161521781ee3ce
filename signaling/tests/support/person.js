// What a test does in a browser tab: people of one colour and one tone, and what they see and hear.
import('/rtc.js').then(({ Lesson }) => {
  const wait = ms => new Promise(done => setTimeout(done, ms))

  // A picture of one colour with a moving bar, so that every frame differs.
  function picture(color, width = 640, height = 360, detail = 0) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const context = canvas.getContext('2d')
    let frame = 0
    setInterval(() => {
      context.fillStyle = color
      context.fillRect(0, 0, width, height)
      context.fillStyle = '#777'
      context.fillRect((frame++ * 7) % width, 0, 8, height / 8)
      // Detail in the lower half makes frames of many packets.
      for (let at = 0; at < detail; at++) {
        context.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`
        context.fillRect(Math.random() * width, height * (0.7 + Math.random() * 0.3), 12, 12)
      }
    }, 40)
    return canvas.captureStream(25).getVideoTracks()[0]
  }

  let sound
  function tone(hertz) {
    sound ??= new AudioContext({ sampleRate: 48_000 })
    const oscillator = new OscillatorNode(sound, { frequency: hertz })
    const gain = new GainNode(sound, { gain: 0.4 })
    const out = sound.createMediaStreamDestination()
    oscillator.connect(gain).connect(out)
    oscillator.start()
    return out.stream.getAudioTracks()[0]
  }

  const videos = new Map()
  function video(id) {
    const track = lesson.media.get(id)
    let shown = videos.get(id)
    if (!shown || shown.track !== track) {
      const element = Object.assign(document.createElement('video'), { muted: true, autoplay: true })
      element.srcObject = new MediaStream([track])
      element.play().catch(() => {})
      shown = { element, track }
      videos.set(id, shown)
    }
    return shown.element
  }

  const ears = new Map()
  function ear(id) {
    const track = lesson.media.get(id)
    let heard = ears.get(id)
    if (!heard || heard.track !== track) {
      sound ??= new AudioContext({ sampleRate: 48_000 })
      // Chromium plays remote sound into a graph only while an element has it, too.
      const element = Object.assign(document.createElement('audio'), { srcObject: new MediaStream([track]), muted: true })
      element.play().catch(() => {})
      const analyser = new AnalyserNode(sound, { fftSize: 8192, smoothingTimeConstant: 0 })
      sound.createMediaStreamSource(new MediaStream([track])).connect(analyser)
      heard = { track, analyser, element }
      ears.set(id, heard)
    }
    return heard.analyser
  }

  window.person = {
    events: [],
    async join(options) {
      this.options = options
      const ask = new URLSearchParams({ name: options.name, role: options.role, lesson: options.lesson, participant: options.id, ...options.extra })
      const pages = options.pages ?? ['']
      const fetchToken = async () => {
        // Any living node hands out the ticket, as the API does for people.
        for (const page of pages) {
          const answer = await fetch(`${page}/dev/token?${ask}`, { method: 'POST' }).catch(() => null)
          if (!answer?.ok) continue
          const ticket = await answer.json()
          if (options.iceServers) ticket.ice_servers = options.iceServers
          return ticket
        }
        throw new Error('no node hands out tickets')
      }
      window.lesson = new Lesson({ fetchToken, relayOnly: options.relayOnly })
      for (const kind of ['end', 'denied', 'chat', 'trackgone']) {
        lesson.addEventListener(kind, event => this.events.push({ kind, ...event.detail, track: undefined }))
      }
      await lesson.join()
      return lesson.phase
    },
    async publish(sources = ['mic', 'camera']) {
      for (const source of sources) {
        const track = source === 'mic' || source === 'screen_audio' ? tone(this.options.hertz) : picture(source === 'screen' ? '#ffff00' : this.options.color, ...(this.options.size ?? [640, 360]), this.options.detail)
        await lesson.publish(source, track)
      }
    },
    /** Returns the colour in the middle of a received picture, once it plays. */
    color(id) {
      if (!lesson.media.has(id)) return null
      const element = video(id)
      if (!element.videoWidth) return null
      const canvas = new OffscreenCanvas(8, 8)
      const context = canvas.getContext('2d')
      context.drawImage(element, element.videoWidth / 4, element.videoHeight / 2, 8, 8, 0, 0, 8, 8)
      const [red, green, blue] = context.getImageData(4, 4, 1, 1).data
      const near = (a, b) => Math.abs(a - b) < 70
      const names = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255], yellow: [255, 255, 0] }
      return Object.keys(names).find(name => names[name].every((value, at) => near(value, [red, green, blue][at]))) ?? `${red},${green},${blue}`
    },
    size(id) { return lesson.media.has(id) ? video(id).videoWidth : 0 },
    /** Returns the loudest frequency of a received sound in hertz; 0 is silence. */
    tone(id) {
      if (!lesson.media.has(id)) return null
      const analyser = ear(id)
      sound.resume()
      const bins = new Float32Array(analyser.frequencyBinCount)
      analyser.getFloatFrequencyData(bins)
      const loudest = bins.reduce((best, level, at) => level > bins[best] ? at : best, 0)
      return bins[loudest] > -70 ? Math.round(loudest * 48_000 / 8192) : 0
    },
    /** Returns figures of everything received. */
    async received(id) {
      const track = lesson.media.get(id)
      const stats = track && lesson.debug?.sub ? [...(await lesson.debug.sub.getStats(track)).values()] : []
      const one = stats.find(one => one.type === 'inbound-rtp') ?? {}
      return { packets: one.packetsReceived ?? 0, frames: one.framesDecoded ?? 0, width: one.frameWidth ?? 0, lost: one.packetsLost ?? 0, plis: one.pliCount ?? 0, nacks: one.nackCount ?? 0, keys: one.keyFramesDecoded ?? 0, freezes: one.freezeCount ?? 0, freezeSeconds: one.totalFreezesDuration ?? 0 }
    },
    /** Notes each freeze of a received picture, and its longest pause between decoded frames, until it is stopped. */
    watch(id) {
      const seen = { freezes: [], pause: 0, at: [], layers: [], going: true }
      const run = async () => {
        let last = await this.received(id), since = performance.now()
        while (seen.going) {
          await wait(30)
          const now = await this.received(id), at = performance.now()
          if (now.freezes > last.freezes) seen.freezes.push((now.freezeSeconds - last.freezeSeconds) / (now.freezes - last.freezes))
          if (now.width !== last.width) seen.layers.push(now.width)
          if (now.frames > last.frames) {
            seen.pause = Math.max(seen.pause, (at - since) / 1_000)
            since = at
          }
          last = now
        }
        seen.pause = Math.max(seen.pause, (performance.now() - since) / 1_000)
      }
      seen.ended = run()
      this.seen = seen
    },
    async watched() {
      this.seen.going = false
      await this.seen.ended
      return { freezes: this.seen.freezes, pause: this.seen.pause, layers: this.seen.layers }
    },
    /** Returns bytes sent by the publishing connection: all, and those sent again. */
    async sent() {
      const stats = [...(await lesson.debug.pub.getStats()).values()].filter(one => one.type === 'outbound-rtp')
      const sum = name => stats.reduce((sum, one) => sum + (one[name] ?? 0), 0)
      return { bytes: sum('bytesSent') + sum('headerBytesSent'), again: sum('retransmittedBytesSent'), packets: sum('packetsSent'), packetsAgain: sum('retransmittedPacketsSent'), plis: sum('pliCount'), nacks: sum('nackCount'), keys: sum('keyFramesEncoded') }
    },
    /** Returns what a failed test needs to know. */
    async describe() {
      if (!window.lesson) return null
      const received = {}
      for (const id of lesson.media.keys()) received[id] = await this.received(id)
      const tiles = [...document.querySelectorAll('.tile video')].map(video => [video.videoWidth, video.srcObject?.getVideoTracks()[0]?.readyState, video.paused])
      const { pub, sub } = lesson.debug ?? {}
      return JSON.stringify({ phase: lesson.phase, me: lesson.me, received, tiles, tracks: [...lesson.tracks.values()], people: [...lesson.participants.values()], events: this.events, pub: pub?.connectionState, sub: sub?.connectionState })
    },
    ufrag(which) { return lesson.debug[which].remoteDescription.sdp.match(/a=ice-ufrag:(.*)/)[1] },
    async path(which) {
      const stats = [...(await lesson.debug[which].getStats()).values()]
      const pair = stats.find(one => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded')
      return pair ? stats.find(one => one.id === pair.localCandidateId)?.candidateType : null
    },
    wait,
  }
  window.ready = true
})
