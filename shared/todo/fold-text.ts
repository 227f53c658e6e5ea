/** Case and accents do not matter when looking for something: "Äpfel" is found by "apfel". */
export function foldText(text: string): string {
  // Most text has nothing to take apart, and taking apart is the slow part.
  const plain = /[\u0080-\uffff]/.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text
  return plain.toLowerCase()
}
