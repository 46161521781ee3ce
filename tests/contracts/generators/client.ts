// Two people of a school, by the client that openapi-typescript makes of the API document.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

function need<T>(answer: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (answer.data === undefined) throw new Error(answer.error?.code);
  return answer.data;
}

async function join(role: "student" | "teacher", nickname: string) {
  const api = createClient<paths>({ baseUrl: process.env.API_URL ?? "" });
  const body = { role, nickname, name: "Ann Lee", email: `${nickname}@example.org`, password: "four plain words here" };
  const { token } = need(await api.POST("/api/v1/accounts", { body }));
  api.use({ onRequest: ({ request }) => request.headers.set("Authorization", `Bearer ${token}`) });
  return api;
}

const teacher = await join("teacher", "ts_teacher");
const student = await join("student", "ts_student");
const starts_at = new Date(Date.now() + 86_400_000).toISOString();
const price = { amount: 150_000, currency: "RUB" } as const;
const terms = { subject: "physics", lesson_type: "regular", format: "online", duration_minutes: 60 } as const;
const slot = need(await teacher.POST("/api/v1/slots", { body: { starts_at, price, ...terms } }));
const path = { id: slot.id };
need(await student.POST("/api/v1/slots/{id}/bookings", { params: { path }, body: { note: "From page 12" } }));
const lesson = need(await student.GET("/api/v1/lessons/{id}", { params: { path } }));
const cost: number = lesson.price.amount;
console.log(JSON.stringify({ status: lesson.status, cost, seats: lesson.bookings.length }));
