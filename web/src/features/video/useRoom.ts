import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Lesson } from '~rtc';
import { fetchTicketOrStop } from './queries';
import type { Devices } from './useDevices';

export type Source = 'mic' | 'camera' | 'screen' | 'screen_audio';

const LESSON_ENDED = 4410;
const REPLACED = 4409;

export type Ending = 'left' | 'over' | 'replaced' | 'denied' | 'lost';

/** The lesson room as the page sees it: the state of the protocol module, and what one can do. */
export function useRoom(id: string) {
  const [lesson, setLesson] = useState<Lesson | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [ending, setEnding] = useState<Ending | null>(null);
  const version = useRef(0);
  const screen = useRef<MediaStreamTrack | null>(null);

  const subscribe = useCallback(
    (changed: () => void) => {
      const onChange = () => {
        version.current += 1;
        changed();
      };
      lesson?.addEventListener('change', onChange);
      return () => lesson?.removeEventListener('change', onChange);
    },
    [lesson],
  );
  useSyncExternalStore(subscribe, () => version.current);

  const stopScreen = useCallback(async () => {
    screen.current?.stop();
    screen.current = null;
    await lesson?.unpublish('screen_audio');
    await lesson?.unpublish('screen');
  }, [lesson]);

  useEffect(
    () => () => {
      screen.current?.stop();
      void lesson?.leave();
    },
    [lesson],
  );

  const run = (work: Promise<unknown> | undefined) => void work?.catch(setError);

  const join = async (devices: Devices, muted: { mic: boolean; camera: boolean }) => {
    setError(null);
    setEnding(null);
    const next = new Lesson({ fetchToken: () => fetchTicketOrStop(id) });
    next.addEventListener('end', (event) => {
      const { code } = (event as CustomEvent<{ code: number }>).detail;
      setEnding(code === LESSON_ENDED ? 'over' : code === REPLACED ? 'replaced' : 'lost');
    });
    next.addEventListener('denied', (event) => {
      const { reason } = (event as CustomEvent<{ reason: string }>).detail;
      if (reason !== 'to_lobby') setEnding('denied');
    });
    try {
      await next.join();
      setLesson(next);
      for (const source of ['mic', 'camera'] as const) {
        const track = devices[source];
        if (track && next.grants.publish.includes(source)) await next.publish(source, track, muted[source]);
      }
    } catch (failure) {
      setError(failure);
      void next.leave();
    }
  };

  const shareScreen = async () => {
    if (screen.current) return stopScreen();
    const stream = await navigator.mediaDevices
      .getDisplayMedia({ video: true, audio: true })
      .catch(() => null);
    const track = stream?.getVideoTracks()[0];
    if (!stream || !track || !lesson) return;
    screen.current = track;
    track.onended = () => run(stopScreen());
    await lesson.publish('screen', track);
    const sound = stream.getAudioTracks()[0];
    if (sound) await lesson.publish('screen_audio', sound);
  };

  const own = (source: Source) => lesson?.tracks.get(`${lesson.me}:${source}`);
  return {
    lesson,
    error,
    ending,
    screen: screen.current,
    own,
    join,
    leave: () => {
      setEnding('left');
      run(lesson?.leave());
    },
    toggle: (source: 'mic' | 'camera') => run(lesson?.mute(source, !own(source)?.muted)),
    shareScreen: () => run(shareScreen()),
    hand: () => run(lesson?.hand(!lesson.hands.includes(lesson.me))),
    say: (text: string) => lesson?.say(text),
    moderate: (op: string, target?: string) => run(lesson?.moderate(op, target, undefined)),
  };
}

export type Room = ReturnType<typeof useRoom>;
