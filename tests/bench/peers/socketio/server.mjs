// A room server of the smallest kind: who says something in a room is heard by everybody in it. It checks
// nobody and keeps nothing.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });

io.on("connection", (socket) => {
  socket.on("join", (room, joined) => {
    socket.join(room);
    joined();
  });
  socket.on("say", (room, message) => io.to(room).emit("message", message));
});

// Whoever started us reads the port.
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
