import { IconMailCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { ButtonLink } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { Failed } from '~/ui/Failed';
import { Bone } from '~/ui/Skeleton';
import { verificationQuery } from './commands';
import { InvalidLink } from './InvalidLink';

/** Verifies the address that the link was mailed to. */
export function VerifyEmailPage({ token }: { token: string }) {
  const { t } = useTranslation('links');
  const { data, error, refetch } = useQuery(verificationQuery(token));
  if (error instanceof ProblemError && error.code === 'link_not_found') {
    return (
      <InvalidLink>
        <ButtonLink to="/settings" variant="primary">
          {t('verify.settings')}
        </ButtonLink>
      </InvalidLink>
    );
  }
  if (error) return <Failed title={t('verify.failed')} error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <div aria-busy>
        <h1 className="visually-hidden">{t('verify.busy')}</h1>
        <Bone height={240} />
      </div>
    );
  }
  return (
    <Empty
      level={1}
      picture={<IconMailCheck size={64} stroke={1.2} />}
      title={t('verify.doneTitle')}
      text={t('verify.doneText')}
    >
      <ButtonLink to="/" variant="primary">
        {t('verify.home')}
      </ButtonLink>
    </Empty>
  );
}
