import { useSearch } from '@tanstack/react-router';
import { LoginPage } from '~/features/accounts/LoginPage';
import { useTitle } from '~/ui/useTitle';

export function LoginView() {
  useTitle('titles.login');
  return <LoginPage next={useSearch({ from: '/login' }).next} />;
}
