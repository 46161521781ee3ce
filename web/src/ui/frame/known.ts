// The part of the frame that strangers never load.
export { Rail } from './Rail';
export { TopBar } from './TopBar';
