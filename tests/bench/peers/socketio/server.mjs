// The smallest Socket.IO relay: a message reaches every socket that has joined the same room of Socket.IO.
// It checks no permission and stores nothing.
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

// The parent process reads the port.
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
