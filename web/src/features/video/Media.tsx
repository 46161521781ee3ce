import { useEffect, useRef } from 'react';

/** A picture, without its sound. */
export function Video({
  track,
  mirrored,
  label,
}: {
  track: MediaStreamTrack;
  mirrored?: boolean;
  label: string;
}) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (element.current) element.current.srcObject = new MediaStream([track]);
  }, [track]);
  return (
    <video
      ref={element}
      autoPlay
      muted
      playsInline
      aria-label={label}
      style={mirrored ? { transform: 'scaleX(-1)' } : undefined}
    />
  );
}

/** The sound of another person or screen. */
export function Sound({ track }: { track: MediaStreamTrack }) {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (element.current) element.current.srcObject = new MediaStream([track]);
  }, [track]);
  // biome-ignore lint/a11y/useMediaCaption: speech that happens now has no captions
  return <audio ref={element} autoPlay />;
}
