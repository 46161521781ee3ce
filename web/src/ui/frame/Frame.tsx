import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { line } from '~/api/live';
import { useSessionEnded } from '~/api/session';
import { useAccount } from '~/features/accounts/queries';
import { Toasts } from '../toasts';
import { useOnline } from '../useLine';
import { BottomBar } from './BottomBar';
import styles from './Frame.module.css';
import { OfflineBar } from './OfflineBar';
import { STRANGER_PLACES } from './place';
import { StrangerBar } from './StrangerBar';

const Rail = lazy(() => import('./known').then(({ Rail }) => ({ default: Rail })));
const KnownBottomBar = lazy(() =>
  import('./known').then(({ KnownBottomBar }) => ({ default: KnownBottomBar })),
);
const TopBar = lazy(() => import('./known').then(({ TopBar }) => ({ default: TopBar })));

const SignInAgain = lazy(() =>
  import('~/features/accounts/SignInAgain').then(({ SignInAgain }) => ({ default: SignInAgain })),
);

/** Frame of every page: rail and top bar for people of the school, one bar for strangers. */
export function Frame() {
  const { t } = useTranslation();
  const account = useAccount();
  const online = useOnline();
  const ended = useSessionEnded();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const seen = useRef(path);

  const id = account?.id ?? null;
  useEffect(() => {
    if (id === null) return;
    line.open();
    return () => line.close();
  }, [id]);

  // A new page takes the focus, as a new document would.
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== path) main.current?.focus({ preventScroll: true });
    seen.current = path;
  }, [path]);

  return (
    <div className={styles.frame} data-person={account ? 'known' : 'stranger'}>
      <a className={styles.skip} href="#main">
        {t('skip')}
      </a>
      <Suspense>{account && <Rail account={account} />}</Suspense>
      <div className={styles.column}>
        <Suspense fallback={<div className={styles.topPlace} />}>
          {account ? <TopBar account={account} /> : <StrangerBar />}
        </Suspense>
        {!online && <OfflineBar />}
        <main id="main" ref={main} tabIndex={-1} className={styles.main}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {account ? <KnownBottomBar account={account} /> : <BottomBar places={STRANGER_PLACES} />}
      </Suspense>
      <Toasts />
      <Suspense>{account && ended && <SignInAgain account={account} />}</Suspense>
    </div>
  );
}
