// Where the settings' list is one row (phones), the page one is on is in sight.
for (const nav of document.querySelectorAll(".settings > nav")) {
  const here = nav.querySelector("[aria-current]");
  if (here && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = here.offsetLeft - nav.clientWidth / 3;
}
