import { createRouter } from '@tanstack/react-router';
import { cache } from './api/cache';
import { classesRoute } from './routes/classes';
import { conversationRoute } from './routes/conversation';
import { lessonRoute } from './routes/lesson';
import { lessonsRoute } from './routes/lessons';
import { loginRoute } from './routes/login';
import { messagesRoute } from './routes/messages';
import { moreRoute } from './routes/more';
import { notificationSettingsRoute } from './routes/notificationSettings';
import { notificationsRoute } from './routes/notifications';
import { registerRoute } from './routes/register';
import { requestsRoute } from './routes/requests';
import { rootRoute } from './routes/root';
import { scheduleRoute } from './routes/schedule';
import { seriesRoute } from './routes/series';
import { startRoute } from './routes/start';
import { teacherRoute } from './routes/teacher';
import { teachersRoute } from './routes/teachers';
import { waitlistRoute } from './routes/waitlist';
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
    moreRoute,
    notificationSettingsRoute,
    notificationsRoute,
    conversationRoute,
    messagesRoute,
    classesRoute,
    waitlistRoute,
    requestsRoute,
    seriesRoute,
    scheduleRoute,
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
