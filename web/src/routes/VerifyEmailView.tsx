import { useParams } from '@tanstack/react-router';
import { VerifyEmailPage } from '~/features/accounts/links/VerifyEmailPage';
import { useTitle } from '~/ui/useTitle';

export function VerifyEmailView() {
  const { token } = useParams({ from: '/verify-email/$token' });
  useTitle('titles.verifyEmail');
  return <VerifyEmailPage token={token} />;
}
