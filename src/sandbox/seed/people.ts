// The people of the seeded company, as 'Given Family'. Names only; what they are in the account is decided in principals.ts.

export const people: readonly string[] = [
  'Amara Okafor',
  'Mateo Fernández',
  'Ingrid Sørensen',
  'Hiroshi Tanaka',
  'Priya Raghunathan',
  'Łukasz Wójcik',
  'Chloé Lefèvre',
  'Omar Haddad',
  'Nguyễn Thị Lan',
  'Grace Mwangi',
  'Jonas Müller',
  'Sofia Papadopoulou',
  'Diego Castillo',
  'Aoife Byrne',
  'Yusuf Demir',
  'Mei-Ling Chen',
  'Tomás Novák',
  'Fatima El Amrani',
  'Noah Bergström',
  'Isabella Rossi',
  'Kwame Mensah',
  'Elena Popescu',
  'Rajesh Iyer',
  'Hannah Schmidt',
  'João Almeida',
  'Leila Farahani',
  'Daniel Cohen',
  'Zanele Dlamini',
  'Viktor Horváth',
  'Camila Souza',
  'Minh Trần',
  'Astrid Lindqvist',
  'Samuel Adeyemi',
  'Anna Kowalska',
  'Ricardo Gutiérrez',
  'Nadia Benali',
  'Oliver Whitfield',
  'Sakura Yamamoto',
  'Ahmed Mansour',
  'Katarína Kováčová',
  'Luca Bianchi',
  'Thandiwe Nkosi',
  'Emil Jørgensen',
  'Ximena Vargas',
  'Arjun Mehta',
  'Beatriz Carvalho',
  'Callum MacLeod',
  'Dilnoza Karimova',
  'Erik Van den Berg',
  'Farah Siddiqui',
  'Gabriel Moreau',
  'Hye-jin Park',
  'Ilya Sokolov',
  'Jasmine Reyes',
  'Karl Weiß',
  'Lerato Molefe',
  'Marta Ruiz',
  'Nikola Petrović',
  'Ottilie Fischer',
  'Paolo Conti',
  'Zoë Quinn',
];

/** For one of them: quotes, an emoji and right-to-left text, all harmless. */
export const oddDisplayName = 'Zoë "Zed" O\u2019Quinn \u{1F680} \u05E9\u05DC\u05D5\u05DD';

const spelledOut: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', ß: 'ss', đ: 'd' };

export function mailboxOf(person: string): string {
  const plain = person.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  return plain
    .replace(/[øłßđ]/g, (letter) => spelledOut[letter] ?? letter)
    .replace(/ /, '.')
    .replaceAll(' ', '');
}
