// A comment of one line in generated TypeScript: what would end it does not.

export const docComment = (text: string): string =>
  `/** ${text.replaceAll("*/", "*\\/").replaceAll(/\s+/g, " ").trim()} */`;
