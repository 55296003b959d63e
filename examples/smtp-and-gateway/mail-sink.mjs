// A mail server on this machine that keeps nothing: it prints every message that arrives.
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

const port = Number(process.argv[2] ?? 2525);

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["AUTH", "STARTTLS"],
  onData(stream, session, done) {
    text(stream).then((message) => {
      const recipients = session.envelope.rcptTo.map(({ address }) => address).join(", ");
      process.stdout.write(`--- e-mail for ${recipients}\n${message}\n`);
      done();
    }, done);
  },
});

server.listen(port, "127.0.0.1", () => {
  process.stdout.write(`mail sink on 127.0.0.1:${port}\n`);
});
