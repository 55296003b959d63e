/** The people of the demo. Numbers are from the ranges that numbering authorities keep for fiction; nobody answers there. */
export interface DemoPerson {
  readonly externalId: string;
  readonly displayName: string;
  readonly email: string;
  readonly phone: string;
  readonly locale: string;
  readonly role: "member" | "operator" | "admin";
}

export const demoPeople: readonly DemoPerson[] = [
  {
    externalId: "1001",
    displayName: "Anna Adler",
    email: "anna.adler@example.com",
    phone: "+491713920012",
    locale: "de",
    role: "admin",
  },
  {
    externalId: "1002",
    displayName: "Ben Baker",
    email: "ben.baker@example.com",
    phone: "+12025550123",
    locale: "en",
    role: "operator",
  },
  {
    externalId: "1003",
    displayName: "Clara Conrad",
    email: "clara.conrad@example.com",
    phone: "+491713920034",
    locale: "fr",
    role: "member",
  },
  {
    externalId: "1004",
    displayName: "Dana Dixon",
    email: "dana.dixon@example.com",
    phone: "+61491570156",
    locale: "en-AU",
    role: "member",
  },
];
