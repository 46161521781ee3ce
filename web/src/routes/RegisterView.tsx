import { useSearch } from '@tanstack/react-router';
import { RegisterPage } from '~/features/accounts/RegisterPage';
import { useTitle } from '~/ui/useTitle';

export function RegisterView() {
  useTitle('titles.register');
  return <RegisterPage next={useSearch({ from: '/register' }).next} />;
}
