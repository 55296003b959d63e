import { domainToASCII } from "node:url";
import { CountersignError } from "../engine/errors.ts";
import type { Destination } from "./destination.ts";

/** RFC 5321 §4.5.3.1: local part 64 octets, path 256 including its angle brackets. */
const longestLocal = 64;
const longestAddress = 254;

/**
 * RFC 5322 dot-atom in ASCII, without `!` and `%` (old mail routers read them as another destination) and the backtick.
 * Quoted local parts are refused: mail software disagrees about what they mean.
 */
const localPart = /^[A-Za-z0-9#$&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_{|}~-]+)*$/;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * Reads one bare addr-spec. Only the domain is mapped (NFKC, IDN to ASCII, lower case), as DNS does it itself; a local
 * part that is not plain ASCII is refused instead of being folded, since only its host knows what it means. A `+tag`
 * stays: whether `a+b` is `a` is the host's choice too.
 */
export function parseEmail(input: string): Destination {
  if (input.length > longestAddress) refuse("This is too long for an e-mail address.");
  const at = input.indexOf("@");
  if (at < 1 || at !== input.lastIndexOf("@")) refuse("An e-mail address has exactly one @.");
  const local = input.slice(0, at);
  if (local.length > longestLocal) refuse("The part before the @ is too long.");
  if (!localPart.test(local)) {
    refuse("Give one bare e-mail address, without spaces, quotes, brackets, commas or accents before the @.");
  }
  const domain = asciiDomain(input.slice(at + 1));
  const sendTo = `${local}@${domain}`;
  if (sendTo.length > longestAddress) refuse("This is too long for an e-mail address.");
  const canonical = sendTo.toLowerCase();
  return { canonical, sendTo, hint: maskEmail(sendTo) };
}

/** First letter and domain. */
export function maskEmail(address: string): string {
  return `${address.slice(0, 1)}***${address.slice(address.lastIndexOf("@"))}`;
}

function asciiDomain(written: string): string {
  const mapped = written.normalize("NFKC").replace(/[\u3002\uff61]/g, ".");
  // The URL parser stops at / ? # and \ without a word, so nothing but host characters may reach it.
  if (/^[\p{L}\p{M}\p{Nd}.-]+$/u.test(mapped)) {
    const domain = domainToASCII(mapped);
    const labels = domain.split(".");
    const numeric = /^[0-9]+$/.test(labels.at(-1) ?? "");
    if (labels.length > 1 && !numeric && labels.every((part) => label.test(part))) return domain;
  }
  return refuse("The part after the @ is not a domain name.");
}

function refuse(sentence: string): never {
  throw new CountersignError("invalid_destination", sentence);
}
