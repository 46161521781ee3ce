import { useEffect, useRef, useState } from 'react';
import { store, stored } from '~/ui/stored';

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

/** The device that was chosen on this computer before. */
const chosen = (device: Device): MediaTrackConstraints => {
  const deviceId = stored(device);
  return deviceId === null ? {} : { deviceId: { exact: deviceId } };
};

/** Asks for both, and for sound alone where there is no camera. */
async function open(): Promise<{ devices: Devices; fault: DeviceFault }> {
  const audio = chosen('mic');
  const video = { width: { ideal: 1280 }, height: { ideal: 720 }, ...chosen('camera') };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio, video });
    return { devices: tracksOf(stream), fault: null };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OverconstrainedError') return openOthers();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      return { devices: tracksOf(stream), fault: null };
    } catch {
      return { devices: { mic: null, camera: null }, fault: faultOf(error) };
    }
  }
}

/** A chosen device is gone: forgets the choice and takes another. */
function openOthers() {
  const had = stored('mic') !== null || stored('camera') !== null;
  store('mic', null);
  store('camera', null);
  return had ? open() : { devices: { mic: null, camera: null }, fault: 'none' as const };
}

const tracksOf = (stream: MediaStream): Devices => ({
  mic: stream.getAudioTracks()[0] ?? null,
  camera: stream.getVideoTracks()[0] ?? null,
});

const stop = ({ mic, camera }: Devices) => {
  mic?.stop();
  camera?.stop();
};

export interface Choice {
  id: string;
  name: string;
}

const KINDS = { mic: 'audioinput', camera: 'videoinput' } as const;

/** Devices of a kind. Their names are known once the person has allowed one of them. */
async function list(device: Device): Promise<Choice[]> {
  const all = await navigator.mediaDevices?.enumerateDevices();
  return (all ?? [])
    .filter(({ kind, deviceId, label }) => kind === KINDS[device] && deviceId !== '' && label !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

const NONE: Record<Device, Choice[]> = { mic: [], camera: [] };

/** Camera and microphone of this page. Nothing stays on afterwards. */
export function useDevices() {
  const [devices, setDevices] = useState<Devices | null>(null);
  const [fault, setFault] = useState<DeviceFault>(null);
  const [choices, setChoices] = useState(NONE);
  const current = useRef<Devices | null>(null);
  const left = useRef(false);
  const look = useRef(async () => {
    const [mic, camera] = await Promise.all([list('mic'), list('camera')]);
    if (!left.current) setChoices({ mic, camera });
  });
  const ask = useRef(async () => {
    const opened = await open();
    if (left.current) return stop(opened.devices);
    if (current.current) stop(current.current);
    current.current = opened.devices;
    setDevices(opened.devices);
    setFault(opened.fault);
    await look.current();
  });
  const release = useRef(() => {
    if (current.current) stop(current.current);
    current.current = null;
  });
  useEffect(() => {
    left.current = false;
    void ask.current();
    const onChange = () => void look.current();
    navigator.mediaDevices?.addEventListener('devicechange', onChange);
    return () => {
      left.current = true;
      navigator.mediaDevices?.removeEventListener('devicechange', onChange);
      release.current();
    };
  }, []);
  /** Takes another device of the kind, here and in later lessons. */
  const choose = (device: Device, id: string) => {
    store(device, id);
    void ask.current();
  };
  return { devices, fault, choices, choose, ask: ask.current, release: release.current };
}
