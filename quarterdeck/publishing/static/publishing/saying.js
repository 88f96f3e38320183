/** Put words into a place, and leave it alone when they stand there: a live region would be read again. */
export function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}
