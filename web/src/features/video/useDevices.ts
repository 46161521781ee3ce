import { useEffect, useRef, useState } from 'react';

export type Device = 'mic' | 'camera';
export interface Devices {
  mic: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
}

/** Why there is no camera and no microphone: the person forbade it, there is none, or another program has it. */
export type DeviceFault = 'denied' | 'none' | 'busy' | null;

const faultOf = (error: unknown): DeviceFault => {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' ? 'busy' : 'none';
};

/** Asks for both, and for sound alone where there is no camera. */
async function open(): Promise<{ devices: Devices; fault: DeviceFault }> {
  const video = { width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
    return { devices: tracksOf(stream), fault: null };
  } catch (error) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      return { devices: tracksOf(stream), fault: null };
    } catch {
      return { devices: { mic: null, camera: null }, fault: faultOf(error) };
    }
  }
}

const tracksOf = (stream: MediaStream): Devices => ({
  mic: stream.getAudioTracks()[0] ?? null,
  camera: stream.getVideoTracks()[0] ?? null,
});

const stop = ({ mic, camera }: Devices) => {
  mic?.stop();
  camera?.stop();
};

/** Camera and microphone of this page. Nothing stays on afterwards. */
export function useDevices() {
  const [devices, setDevices] = useState<Devices | null>(null);
  const [fault, setFault] = useState<DeviceFault>(null);
  const current = useRef<Devices | null>(null);
  const left = useRef(false);
  const ask = useRef(async () => {
    const opened = await open();
    if (left.current) return stop(opened.devices);
    if (current.current) stop(current.current);
    current.current = opened.devices;
    setDevices(opened.devices);
    setFault(opened.fault);
  });
  const release = useRef(() => {
    if (current.current) stop(current.current);
    current.current = null;
  });
  useEffect(() => {
    left.current = false;
    void ask.current();
    return () => {
      left.current = true;
      release.current();
    };
  }, []);
  return { devices, fault, ask: ask.current, release: release.current };
}
