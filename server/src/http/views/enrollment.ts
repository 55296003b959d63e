import { Type } from "typebox";
import { renderSVG } from "uqr";
import { Time } from "../schemas.ts";

/** Answer to a begun enrollment; which fields are there depends on the kind. */
export const EnrollmentView = Type.Object({
  id: Type.String({ description: "Of the authenticator that it becomes." }),
  kind: Type.Enum(["totp", "recovery_code", "email", "sms", "voice"]),
  status: Type.Enum(["pending", "active"]),
  expiresAt: Type.Optional(Time),
  uri: Type.Optional(
    Type.String({ description: "`otpauth://` key URI of an authenticator app; shown once." }),
  ),
  secret: Type.Optional(Type.String({ description: "The same seed in Base32, for typing in." })),
  qrSvg: Type.Optional(Type.String({ description: "The same as a QR code, an SVG image." })),
  codes: Type.Optional(Type.Array(Type.String(), { description: "Recovery codes; shown once." })),
  to: Type.Optional(Type.String({ description: "Masked destination that the code went to." })),
  verification: Type.Optional(Type.String({ description: "The verification whose code confirms it." })),
});

/**
 * The QR code of a key URI as an SVG on a white box. Level M and the four modules of quiet zone are those of ISO/IEC 18004;
 * whole pixels per module keep the edges sharp.
 */
export function qrSvgOf(uri: string): string {
  const svg = renderSVG(uri, { ecc: "M", border: 4, pixelSize: 6 });
  const side = /viewBox="0 0 (\d+) /.exec(svg)?.[1] ?? "300";
  return svg.replace("<svg ", `<svg width="${side}" height="${side}" shape-rendering="crispEdges" `);
}
