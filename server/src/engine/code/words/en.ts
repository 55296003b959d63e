import { type LanguageWords, numbered, tens } from "./language.ts";

export function english(): LanguageWords {
  return {
    numbers: {
      ...numbered(0, "zero one two three four five six seven eight nine ten eleven twelve"),
      ...numbered(13, "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
      ...tens("twenty thirty forty fifty sixty seventy eighty ninety"),
      oh: 0,
      o: 0,
      nought: 0,
      naught: 0,
      nil: 0,
      ...{ tree: 3, fower: 4, fife: 5, niner: 9, fourty: 40 },
    },
    maybeDigits: { won: 1, to: 2, too: 2, for: 4, fore: 4, ate: 8 },
    hundred: ["hundred"],
    thousand: ["thousand"],
    and: ["and"],
    repeats: { double: 2, triple: 3, treble: 3, quadruple: 4 },
    times: ["times"],
    fillers:
      "a an my the this that these here hi hello hey there it its it's is are was s i i'm i've ll got have had get received " +
      "says said say reads would be will code codes pin passcode password number numbers digit digits token key " +
      "verification security authentication authenticator confirmation access login app onetime recovery backup " +
      "please thanks thank you yes yeah yep ok okay sure alright right well so then next now again followed by " +
      "text texted sms message e mail email sent should think guess just let me see try enter with of from in on uh um er erm hm hmm ah dash hyphen minus space dot point comma slash",
    phrases: [["one", "time"]],
  };
}
