// How far a page goes without a mouse: begin, then Tab and step until it says it is done, then what was left out.
window.keyboardWalk = (() => {
  const NATIVE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true]';
  const KEYED = `${NATIVE}, [tabindex]`;
  const COMPOSITE = '[role=toolbar], [role=tablist], [role=grid], [role=listbox], [role=menu]';
  const wanted = new Map(), reached = new Set();
  let ends = 0, last = null;

  const left = () => [...wanted].filter(([key]) => !reached.has(key)).map(([, what]) => what);
  const short = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 110);
  const shown = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length
    && !e.closest('[inert]') && !e.disabled && !(e.tabIndex < 0 && e.ariaHidden === 'true');
  // Radios of one name are one stop, and so is a list, a toolbar or a grid with arrows inside.
  function stop(e) {
    if (e.type === 'radio') return `radio ${e.form?.action} ${e.name}`;
    return e.tabIndex < 0 && e.closest(COMPOSITE)?.querySelector('[tabindex="0"]') || e;
  }

  // Notes all that a person can press or type in; answers what reacts to a mouse alone.
  function begin() {
    for (const e of document.querySelectorAll(NATIVE))
      if (shown(e) && !wanted.has(stop(e))) wanted.set(stop(e), short(e));
    document.activeElement?.blur();
    getSelection()?.removeAllRanges();
    scrollTo(0, 0);
    const hand = e => ['pointer', 'grab', 'move'].includes(getComputedStyle(e).cursor);
    return [...document.querySelectorAll('body *')].filter(e =>
      hand(e) && shown(e) && !hand(e.parentElement)
      && !e.closest(KEYED) && !e.querySelector(KEYED) && !e.closest('label')?.control).map(short);
  }

  const ringed = e => [e, e.parentElement, e.labels?.[0]].filter(Boolean).map(one => getComputedStyle(one))
    .some(look => (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== 'none');

  function covered(e) {
    const {left, top, width, height} = e.getBoundingClientRect();
    const own = hit => hit && (e.contains(hit) || hit.contains(e) || [...(e.labels ?? [])].some(l => l.contains(hit)));
    return width && height && ![[.5, .5], [.1, .5], [.9, .5], [.5, .15], [.5, .85]].some(([x, y]) =>
      own(document.elementFromPoint(left + width * x, top + height * y)));
  }

  // After a Tab: whether it has come round, else what is wrong with where it is.
  function step() {
    const e = document.activeElement;
    const end = !e || e === document.body || e === document.documentElement;
    // A page whose script or autofocus set the focus is begun in its middle: its end is passed once.
    if (end) return {done: ++ends === 2 || left().length === 0, faults: []};
    if (e === last) return {done: false, faults: []};  // a date has several places inside
    last = e;
    if (reached.has(stop(e))) return {done: left().length === 0 || ends > 0, faults: []};
    reached.add(stop(e));
    const {top, bottom} = e.getBoundingClientRect(), faults = [];
    if (!ringed(e)) faults.push('does not show the focus');
    if (bottom < 0 || top > innerHeight) faults.push('has the focus out of sight');
    else if (getComputedStyle(e).opacity !== '0' && covered(e)) faults.push('is covered while it has the focus');
    return {done: false, faults, what: short(e)};
  }

  return {begin, step, left};
})();
