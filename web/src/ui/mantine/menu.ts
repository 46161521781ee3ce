import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Menu.css';
import '~/theme/mantine.css';

export { Menu } from '@mantine/core';
