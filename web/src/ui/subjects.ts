import {
  type Icon,
  IconAbc,
  IconAlphabetCyrillic,
  IconAlphabetLatin,
  IconAtom2,
  IconBlocks,
  IconBrain,
  IconBuildingMonument,
  IconChess,
  IconCoin,
  IconDna2,
  IconFeather,
  IconFlask2,
  IconLanguage,
  IconMathFunction,
  IconMicrophone2,
  IconMusic,
  IconPalette,
  IconPlanet,
  IconRobot,
  IconScale,
  IconSchool,
  IconTerminal2,
  IconWorldLongitude,
} from '@tabler/icons-react';

/** Colour and icon of a subject: everywhere the same. The colours are in subjects.css, by the name of the hue. */
export interface SubjectLook {
  hue: string;
  icon: Icon;
}

const looks: Record<string, [hue: string, icon: Icon]> = {
  mathematics: ['mathematics', IconMathFunction],
  algebra: ['mathematics', IconMathFunction],
  geometry: ['mathematics', IconMathFunction],
  higher_mathematics: ['mathematics', IconMathFunction],
  statistics: ['mathematics', IconMathFunction],
  physics: ['physics', IconAtom2],
  astronomy: ['physics', IconPlanet],
  chemistry: ['chemistry', IconFlask2],
  biology: ['biology', IconDna2],
  geography: ['geography', IconWorldLongitude],
  informatics: ['informatics', IconTerminal2],
  programming: ['informatics', IconTerminal2],
  robotics: ['informatics', IconRobot],
  russian: ['russian', IconAlphabetCyrillic],
  russian_as_foreign: ['russian', IconAlphabetCyrillic],
  literature: ['literature', IconFeather],
  history: ['history', IconBuildingMonument],
  social_studies: ['social', IconScale],
  economics: ['social', IconCoin],
  law: ['social', IconScale],
  philosophy: ['social', IconBrain],
  psychology: ['social', IconBrain],
  english: ['english', IconAlphabetLatin],
  primary_school: ['history', IconAbc],
  preschool: ['history', IconBlocks],
  speech_therapy: ['russian', IconMicrophone2],
  music: ['literature', IconMusic],
  piano: ['literature', IconMusic],
  guitar: ['literature', IconMusic],
  vocals: ['literature', IconMicrophone2],
  drawing: ['geography', IconPalette],
  chess: ['biology', IconChess],
};

const languages = [
  'german',
  'french',
  'spanish',
  'italian',
  'chinese',
  'japanese',
  'korean',
  'arabic',
  'turkish',
];

export function subjectLook(code: string): SubjectLook {
  const look = looks[code];
  if (look) return { hue: look[0], icon: look[1] };
  if (languages.includes(code)) return { hue: 'german', icon: IconLanguage };
  return { hue: 'german', icon: IconSchool };
}
