// Styles of every page. The parts of Mantine bring their styles with `~/ui/mantine`.
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/subjects.css';
import './theme/base.css';
