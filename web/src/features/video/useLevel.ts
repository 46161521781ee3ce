import { type RefObject, useEffect } from 'react';

/** Shows the loudness of a microphone as the width of a bar, without drawing the page again. */
export function useLevel(track: MediaStreamTrack | null, bar: RefObject<HTMLElement | null>) {
  useEffect(() => {
    if (!track) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    let frame = 0;
    const show = () => {
      analyser.getByteTimeDomainData(samples);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
      if (bar.current) bar.current.style.width = `${Math.min(peak * 1.5, 100)}%`;
      frame = requestAnimationFrame(show);
    };
    show();
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
    };
  }, [track, bar]);
}
