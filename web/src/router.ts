import { createRouter } from '@tanstack/react-router';
import { cache } from './api/cache';
import { lessonRoute } from './routes/lesson';
import { lessonsRoute } from './routes/lessons';
import { loginRoute } from './routes/login';
import { registerRoute } from './routes/register';
import { rootRoute } from './routes/root';
import { startRoute } from './routes/start';
import { teacherRoute } from './routes/teacher';
import { teachersRoute } from './routes/teachers';
import { Crashed } from './ui/Crashed';

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    startRoute,
    registerRoute,
    loginRoute,
    teachersRoute,
    teacherRoute,
    lessonsRoute,
    lessonRoute,
  ]),
  context: { cache },
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
