import { useEffect } from "react";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { FeedPage } from "../pages/feed/feed.tsx";
import { PeoplePage } from "../pages/people/people.tsx";
import { PersonPage } from "../pages/people/person.tsx";
import { PhonePage } from "../pages/phone/phone.tsx";
import { NewProviderPage } from "../pages/providers/new-provider.tsx";
import { ProviderPage } from "../pages/providers/provider.tsx";
import { ProvidersPage } from "../pages/providers/providers.tsx";
import { NewPublicationPage } from "../pages/publications/new-publication.tsx";
import { PublicationPage } from "../pages/publications/publication.tsx";
import { PublicationsPage } from "../pages/publications/publications.tsx";
import { TryItPage } from "../pages/try-it/try-it.tsx";
import { VerificationPage } from "../pages/verification/verification.tsx";
import { WebhookPage } from "../pages/webhooks/webhook.tsx";
import { WebhooksPage } from "../pages/webhooks/webhooks.tsx";
import { WhyPage } from "../pages/why/why.tsx";
import { Page } from "../parts/page.tsx";
import { useWords } from "../words/words.ts";

/** Every address within the console. */
export function Pages() {
  const { pathname } = useLocation();
  useEffect(() => {
    // Another page begins at its beginning.
    if (pathname !== "") window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <Routes>
      <Route index element={<Navigate to="/try" replace />} />
      <Route path="/try" element={<TryItPage />} />
      <Route path="/phone" element={<PhonePage />} />
      <Route path="/feed" element={<FeedPage />} />
      <Route path="/verifications/:id" element={<VerificationPage />} />
      <Route path="/people" element={<PeoplePage />} />
      <Route path="/people/:id" element={<PersonPage />} />
      <Route path="/why" element={<WhyPage />} />
      <Route path="/providers" element={<ProvidersPage />} />
      <Route path="/providers/new" element={<NewProviderPage />} />
      <Route path="/providers/:id" element={<ProviderPage />} />
      <Route path="/publications" element={<PublicationsPage />} />
      <Route path="/publications/:app/new" element={<NewPublicationPage />} />
      <Route path="/publications/:app/:id" element={<PublicationPage />} />
      <Route path="/webhooks" element={<WebhooksPage />} />
      <Route path="/webhooks/:id" element={<WebhookPage />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}

function NotFoundPage() {
  const { notFound } = useWords().app;
  return (
    <Page title={notFound.title}>
      <Link to="/try">{notFound.action}</Link>
    </Page>
  );
}
