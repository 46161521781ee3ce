import { useParams } from '@tanstack/react-router';
import { NewPasswordPage } from '~/features/accounts/links/NewPasswordPage';
import { useTitle } from '~/ui/useTitle';

export function NewPasswordView() {
  const { token } = useParams({ from: '/recover/$token' });
  useTitle('titles.newPassword');
  return <NewPasswordPage token={token} />;
}
