/** 256 German words that are easily said, heard and told apart; none is a number or a wish of the dialogue. Their order is theirs for good. */
export const germanProofWords: readonly string[] = (
  "Adler Ahorn Amsel Ananas Anker Apfel Aprikose Atlas Backstein Balkon Bambus Banane Becher " +
  "Bernstein Besen Biber Biene Birke Blatt Blume Bogen Bohne Brezel Brille Brosche Brunnen Brücke " +
  "Buche Butter Dachs Dampfer Delfin Diamant Distel Donner Drache Eiche Eimer Eisberg Elefant " +
  "Elster Ente Erdbeere Esel Eule Fackel Falke Farn Fasan Feder Felsen Fenster Fichte Fisch Flamme " +
  "Flasche Flieder Flöte Forelle Frosch Fuchs Gabel Galaxie Garten Geige Gewitter Gipfel Giraffe " +
  "Gitarre Gletscher Glocke Granit Gurke Hafen Hagebutte Hammer Harfe Haselnuss Hecke Helm Herbst " +
  "Himbeere Himmel Hirsch Holunder Honig Horizont Hügel Igel Ingwer Insel Jacke Jasmin Juwel Kaffee " +
  "Kajak Kaktus Kamel Kamin Kapelle Karotte Karussell Kastanie Kerze Kessel Kiefer Kirsche Kissen " +
  "Klavier Klee Knopf Koffer Kokosnuss Kolibri Komet Kompass Koralle Korb Krabbe Kranich Kreide " +
  "Kristall Krokus Krone Kuchen Kupfer Kürbis Lampe Lampion Laterne Lavendel Leiter Lerche " +
  "Leuchtturm Libelle Lilie Limette Linde Löffel Magnet Mandel Mango Marmor Maske Matrose Melone " +
  "Mond Morgen Mosaik Murmel Muschel Muskat Möwe Mühle Nadel Nebel Nelke Oase Olive Orange Orchidee " +
  "Orgel Otter Paddel Palast Palme Panda Papagei Paprika Pelikan Perle Pfanne Pfau Pfeffer Pfirsich " +
  "Pflaume Pilz Pinguin Planet Polarlicht Posaune Quelle Quitte Rabe Radieschen Rakete Rasen Regen " +
  "Rettich Rhabarber Robbe Rosine Rubin Rucksack Ruder Safran Salbei Sandale Saphir Schaukel Schiff " +
  "Schirm Schlüssel Schnecke Schwan Seestern Segel Seide Senf Silber Sommer Sonne Spatz Spiegel " +
  "Spinat Stern Stiefel Storch Strand Tanne Tasche Taube Teppich Tiger Tinte Tomate Topas Trommel " +
  "Trompete Tulpe Tunnel Turm Uhu Ulme Vanille Veilchen Vogel Vulkan Wacholder Wald Walross Wasser " +
  "Weizen Wiese Winter Wolf Wolke Würfel Zaun Zebra Ziege Zimt Zirkus Zitrone Zucker Zwiebel"
).split(" ");
