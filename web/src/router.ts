import { createRouter } from '@tanstack/react-router';
import { cache } from './api/cache';
import { adminAccountsRoute } from './routes/adminAccounts';
import { adminCrmRoute } from './routes/adminCrm';
import { adminSystemRoute } from './routes/adminSystem';
import { auditRoute } from './routes/audit';
import { cannedRoute } from './routes/canned';
import { classesRoute } from './routes/classes';
import { conversationRoute } from './routes/conversation';
import { crmRoute } from './routes/crm';
import { crmTicketRoute } from './routes/crmTicket';
import { crmTicketsRoute } from './routes/crmTickets';
import { crmUserRoute } from './routes/crmUser';
import { crmUsersRoute } from './routes/crmUsers';
import { lessonRoute } from './routes/lesson';
import { lessonsRoute } from './routes/lessons';
import { loginRoute } from './routes/login';
import { messagesRoute } from './routes/messages';
import { moreRoute } from './routes/more';
import { newPasswordRoute } from './routes/newPassword';
import { notificationSettingsRoute } from './routes/notificationSettings';
import { notificationsRoute } from './routes/notifications';
import { ownTicketRoute } from './routes/ownTicket';
import { rateRoute } from './routes/rate';
import { recoverRoute } from './routes/recover';
import { registerRoute } from './routes/register';
import { reportRoute } from './routes/report';
import { reportsRoute } from './routes/reports';
import { requestsRoute } from './routes/requests';
import { roomRoute } from './routes/room';
import { rootRoute } from './routes/root';
import { scheduleRoute } from './routes/schedule';
import { securityRoute } from './routes/security';
import { seriesRoute } from './routes/series';
import { settingsRoute } from './routes/settings';
import { startRoute } from './routes/start';
import { studentRoute } from './routes/student';
import { studentsRoute } from './routes/students';
import { teacherRoute } from './routes/teacher';
import { teachersRoute } from './routes/teachers';
import { ticketsRoute } from './routes/tickets';
import { verifyEmailRoute } from './routes/verifyEmail';
import { waitlistRoute } from './routes/waitlist';
import { Crashed } from './ui/Crashed';

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    startRoute,
    registerRoute,
    loginRoute,
    recoverRoute,
    newPasswordRoute,
    verifyEmailRoute,
    teachersRoute,
    teacherRoute,
    lessonsRoute,
    lessonRoute,
    roomRoute,
    securityRoute,
    settingsRoute,
    auditRoute,
    adminAccountsRoute,
    adminSystemRoute,
    adminCrmRoute,
    reportRoute,
    reportsRoute,
    cannedRoute,
    crmUserRoute,
    crmUsersRoute,
    crmTicketRoute,
    crmTicketsRoute,
    crmRoute,
    rateRoute,
    ownTicketRoute,
    ticketsRoute,
    moreRoute,
    notificationSettingsRoute,
    notificationsRoute,
    conversationRoute,
    messagesRoute,
    classesRoute,
    studentRoute,
    studentsRoute,
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
