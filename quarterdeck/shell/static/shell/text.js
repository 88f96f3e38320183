// How long a text is on a network and what it will link, as quarterdeck/engines/text.py counts it: the same rules,
// with this browser's Unicode tables. X's grammar is that of twitter-text 3.1 (Apache-2.0), Bluesky's that of
// @atproto/api (MIT). A test holds the two equal on generated strings. Positions handed out count code points.
const TLDS = `aaa aarp abb abbott abbvie abc able abogado abudhabi ac academy accenture accountant accountants aco actor ad ads adult ae aeg aero aetna af afl africa ag agakhan agency ai aig airbus airforce airtel akdn al alibaba alipay allfinanz allstate ally alsace alstom am amazon americanexpress americanfamily amex amfam amica amsterdam analytics android anquan anz ao aol apartments app apple aq aquarelle ar arab aramco archi army arpa art arte as asda asia associates at athleta attorney au auction audi audible audio auspost author auto autos aw aws ax axa az azure ba baby baidu banamex band bank bar barcelona barclaycard barclays barefoot bargains baseball basketball bauhaus bayern bb bbc bbt bbva bcg bcn bd be beats beauty beer berlin best bestbuy bet bf bg bh bharti bi bible bid bike bing bingo bio biz bj black blackfriday blockbuster blog bloomberg blue bm bms bmw bn bnpparibas bo boats boehringer bofa bom bond boo book booking bosch bostik boston bot boutique box br bradesco bridgestone broadway broker brother brussels bs bt build builders business buy buzz bv bw by bz bzh ca cab cafe cal call calvinklein cam camera camp canon capetown capital capitalone car caravan cards care career careers cars casa case cash casino cat catering catholic cba cbn cbre cc cd center ceo cern cf cfa cfd cg ch chanel channel charity chase chat cheap chintai christmas chrome church ci cipriani circle cisco citadel citi citic city ck cl claims cleaning click clinic clinique clothing cloud club clubmed cm cn co coach codes coffee college cologne com commbank community company compare computer comsec condos construction consulting contact contractors cooking cool coop corsica country coupon coupons courses cpa cr credit creditcard creditunion cricket crown crs cruise cruises cu cuisinella cv cw cx cy cymru cyou cz dad dance data date dating datsun day dclk dds de deal dealer deals degree delivery dell deloitte delta democrat dental dentist desi design dev dhl diamonds diet digital direct directory discount discover dish diy dj dk dm dnp do docs doctor dog domains dot download drive dtv dubai dupont durban dvag dvr dz earth eat ec eco edeka edu education ee eg email emerck energy engineer engineering enterprises epson equipment er ericsson erni es esq estate et eu eurovision eus events exchange expert exposed express extraspace fage fail fairwinds faith family fan fans farm farmers fashion fast fedex feedback ferrari ferrero fi fidelity fido film final finance financial fire firestone firmdale fish fishing fit fitness fj fk flickr flights flir florist flowers fly fm fo foo food football ford forex forsale forum foundation fox fr free fresenius frl frogans frontier ftr fujitsu fun fund furniture futbol fyi ga gal gallery gallo gallup game games gap garden gay gb gbiz gd gdn ge gea gent genting george gf gg ggee gh gi gift gifts gives giving gl glass gle global globo gm gmail gmbh gmo gmx gn godaddy gold goldpoint golf goodyear goog google gop got gov gp gq gr grainger graphics gratis green gripe grocery group gs gt gu gucci guge guide guitars guru gw gy hair hamburg hangout haus hbo hdfc hdfcbank health healthcare help helsinki here hermes hiphop hisamitsu hitachi hiv hk hkt hm hn hockey holdings holiday homedepot homegoods homes homesense honda horse hospital host hosting hot hotels hotmail house how hr hsbc ht hu hughes hyatt hyundai ibm icbc ice icu id ie ieee ifm ikano il im imamat imdb immo immobilien in inc industries infiniti info ing ink institute insurance insure int international intuit investments io ipiranga iq ir irish is ismaili ist istanbul it itau itv jaguar java jcb je jeep jetzt jewelry jio jll jm jmp jnj jo jobs joburg jot joy jp jpmorgan jprs juegos kaufen kddi ke kerryhotels kerryproperties kfh kg kh ki kia kids kim kindle kitchen kiwi km kn koeln komatsu kosher kp kpmg kpn kr krd kred kuokgroup kw ky kyoto kz la lacaixa lamborghini lamer land landrover lanxess lasalle lat latino latrobe law lawyer lb lc lds lease leclerc lefrak legal lego lexus lgbt li lidl life lifeinsurance lifestyle lighting like lilly limited limo lincoln link live living lk llc llp loan loans locker locus lol london lotte lotto love lpl lplfinancial lr ls lt ltd ltda lu lundbeck luxe luxury lv ly ma madrid maif maison makeup man management mango map market marketing markets marriott marshalls mattel mba mc mckinsey md me med media meet melbourne meme memorial men menu merck merckmsd mg mh miami microsoft mil mini mint mit mitsubishi mk ml mlb mls mm mma mn mo mobi mobile moda moe moi mom monash money monster mormon mortgage moscow moto motorcycles mov movie mp mq mr ms msd mt mtn mtr mu museum music mv mw mx my mz na nab nagoya name navy nba nc ne nec net netbank netflix network neustar new news next nextdirect nexus nf nfl ng ngo nhk ni nico nike nikon ninja nissan nissay nl no nokia norton now nowruz nowtv np nr nra nrw ntt nu nyc nz obi observer office okinawa olayan olayangroup ollo om omega one ong onion onl online ooo open oracle orange org organic origins osaka otsuka ott ovh pa page panasonic paris pars partners parts party pay pccw pe pet pf pfizer pg ph pharmacy phd philips phone photo photography photos physio pics pictet pictures pid pin ping pink pioneer pizza pk pl place play playstation plumbing plus pm pn pnc pohl poker politie porn post pr praxi press prime pro prod productions prof progressive promo properties property protection pru prudential ps pt pub pw pwc py qa qpon quebec quest racing radio re read realestate realtor realty recipes red redumbrella rehab reise reisen reit reliance ren rent rentals repair report republican rest restaurant review reviews rexroth rich richardli ricoh ril rio rip ro rocks rodeo rogers room rs rsvp ru rugby ruhr run rw rwe ryukyu sa saarland safe safety sakura sale salon samsclub samsung sandvik sandvikcoromant sanofi sap sarl sas save saxo sb sbi sbs sc scb schaeffler schmidt scholarships school schule schwarz science scot sd se search seat secure security seek select sener services seven sew sex sexy sfr sg sh shangrila sharp shell shia shiksha shoes shop shopping shouji show si silk sina singles site sj sk ski skin sky skype sl sling sm smart smile sn sncf so soccer social softbank software sohu solar solutions song sony soy spa space sport spot sr srl ss st stada staples star statebank statefarm stc stcgroup stockholm storage store stream studio study style su sucks supplies supply support surf surgery suzuki sv swatch swiss sx sy sydney systems sz tab taipei talk taobao target tatamotors tatar tattoo tax taxi tc tci td tdk team tech technology tel temasek tennis teva tf tg th thd theater theatre tiaa tickets tienda tips tires tirol tj tjmaxx tjx tk tkmaxx tl tm tmall tn to today tokyo tools top toray toshiba total tours town toyota toys tr trade trading training travel travelers travelersinsurance trust trv tt tube tui tunes tushu tv tvs tw tz ua ubank ubs ug uk unicom university uno uol ups us uy uz va vacations vana vanguard vc ve vegas ventures verisign versicherung vet vg vi viajes video vig viking villas vin vip virgin visa vision viva vivo vlaanderen vn vodka volvo vote voting voto voyage vu wales walmart walter wang wanggou watch watches weather weatherchannel web webcam weber website wed wedding weibo weir wf whoswho wien wiki williamhill win windows wine winners wme woodside work works world wow ws wtc wtf xbox xerox xihuan xin xxx xyz yachts yahoo yamaxun yandex ye yodobashi yoga yokohama you youtube yt yun za zappos zara zero zip zm zone zuerich zw`;
const WRITTEN_TLDS = `vermögensberater vermögensberatung ελ ευ бг бел дети ею католик ком мкд мон москва онлайн орг рус рф сайт срб укр қаз հայ ישראל קום ابوظبي ارامكو الاردن البحرين الجزائر السعودية العليان المغرب امارات ایران بارت بازار بيتك بھارت تونس سودان سورية شبكة عراق عرب عمان فلسطين قطر كاثوليك كوم مصر مليسيا موريتانيا موقع همراه پاکستان ڀارت कॉम नेट भारत भारतम् भारोत संगठन বাংলা ভারত ভাৰত ਭਾਰਤ ભારત ଭାରତ இந்தியா இலங்கை சிங்கப்பூர் భారత్ ಭಾರತ ഭാരതം ලංකා คอม ไทย ລາວ გე みんな アマゾン クラウド グーグル コム ストア セール ファッション ポイント 世界 中信 中国 中國 中文网 亚马逊 企业 佛山 信息 健康 八卦 公司 公益 台湾 台灣 商城 商店 商标 嘉里 嘉里大酒店 在线 大拿 天主教 娱乐 家電 广东 微博 慈善 我爱你 手机 招聘 政务 政府 新加坡 新闻 时尚 書籍 机构 淡马锡 游戏 澳門 点看 移动 组织机构 网址 网店 网站 网络 联通 谷歌 购物 通販 集团 電訊盈科 飞利浦 食品 餐厅 香格里拉 香港 닷넷 닷컴 삼성 한국`;

const raw = String.raw;
const SPACES = raw`\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const PUNCTUATION = raw`!'#%&()*+,\\\-.\/:;<=>?@\[\]\^_{|}~$`;
const DIRECTIONS = raw`\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069`;
const REFUSED = raw`\ufffe\ufeff\uffff`;
const LATIN =
  raw`\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272` +
  raw`\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff`;
const HOST = `[^${PUNCTUATION}${SPACES}${REFUSED}${DIRECTIONS}]`;
const RUN = new RegExp(`(?:${HOST}|[-_.])+`, "y");
const DOT = new RegExp(raw`(?<=${HOST})\.(?=${HOST})`, "g");
const IN_RUN = new RegExp(`^(?:${HOST}|[-_.])$`);
const BEFORE = new RegExp(`^[^A-Za-z0-9@＠$#＃${REFUSED}]$`);
const ASCII_LABELS = new RegExp(raw`(?:[-A-Za-z0-9${LATIN}]+\.)+`, "g");
const LETTERS = raw`A-Za-z\u0400-\u04ff0-9${LATIN}`;
const GENERAL = raw`[${LETTERS}!*';:=+,.$\/%#\[\]\-\u2013_~@\|&]`;
const BALANCED = raw`\((?:${GENERAL}+|${GENERAL}*\(${GENERAL}+\)${GENERAL}*)\)`;
const PART = raw`(?:${GENERAL}*(?:${BALANCED}${GENERAL}*)*[+\-${LETTERS}=_#\/]|${BALANCED}|@${GENERAL}+\/)`;
const QUERY = raw`\?[-A-Za-z0-9!?*'@();:&=+$\/%#\[\]_.,~\|]*[-A-Za-z0-9_&=#\/]`;
const TAIL = new RegExp(raw`(?::[0-9]+)?(\/${PART}*)?(?:${QUERY})?`, "y");
const TCO = new RegExp(raw`^https?:\/\/t\.co\/([a-z0-9]+)(?:${QUERY})?`, "i");
const URL_LENGTH = 23;
const LONGEST = 4096;
const SLUG = 40;

const plain = new Set(TLDS.split(" "));
const written = new Map();
for (const name of WRITTEN_TLDS.split(" ").sort((a, b) => b.length - a.length)) {
  written.set(name[0], [...(written.get(name[0]) ?? []), name]);
}

const points = (text) => { let n = 0; for (const _ of text) n++; return n; };
const bytes = (text) => new TextEncoder().encode(text).length;
const ascii = (text) => /^[\0-\x7f]*$/.test(text);

function tldEnd(text, at, end) {
  const ends = (stop) => stop === end || !/[0-9A-Za-z@+-]/.test(text[stop]);
  for (const name of written.get(text.slice(at, at + 1).toLowerCase()) ?? []) {
    const stop = at + name.length;
    if (stop <= end && text.slice(at, stop).toLowerCase() === name && ends(stop)) return stop;
  }
  const word = /^[0-9A-Za-z]+/.exec(text.slice(at, end))?.[0];
  if (!word) return -1;
  if (plain.has(word.toLowerCase()) && ends(at + word.length)) return at + word.length;
  const coded = /^xn--[-0-9a-z]+/i.exec(text.slice(at, end))?.[0];
  return coded ? at + coded.length : -1;
}

const mayBegin = (text, at) => at === 0 || BEFORE.test(text[at - 1]);
const halfway = (text, at) => /[\udc00-\udfff]/.test(text[at]);

// The first host in the run text[start:end] that begins at `low` or later, as [start, end], else null.
function findHost(text, start, end, low) {
  const dots = [];
  for (let i = start; i < end; i++) if (text[i] === ".") dots.push(i);
  const tlds = dots.map((dot) => tldEnd(text, dot + 1, text.length));
  const best = Array(dots.length + 1).fill(-1);
  const from = (k, at) => {
    const dot = dots[k];
    if (dot <= at || "-_.".includes(text[at]) || "-_".includes(text[dot - 1])) return -1;
    if (best[k + 1] >= 0) return best[k + 1];
    return text.slice(at, dot).includes("_") ? -1 : tlds[k];
  };
  for (let k = dots.length - 1; k >= 0; k--) best[k] = from(k, k ? dots[k - 1] + 1 : start);
  if (start === 0 && low === 0 && BEFORE.test(text[0])) {
    const second = halfway(text, 1) ? 2 : 1;
    const stop = from(0, second);
    if (stop >= 0) return [second, stop];
  }
  for (let k = 0, at = start; k < dots.length; at = dots[k] + 1, k++) {
    if (best[k + 1] < 0 && tlds[k] < 0) continue;
    for (let s = Math.max(at, low); s < dots[k]; s++) {
      if (!"-_.".includes(text[s]) && !halfway(text, s) && mayBegin(text, s)) {
        const stop = from(k, s);
        if (stop >= 0) return [s, stop];
      }
    }
  }
  return null;
}

// Length of a label in punycode (RFC 3492), without the prefix.
function codedLength(label) {
  const all = Array.from(label, (c) => c.codePointAt(0));
  let done = all.filter((c) => c < 128).length;
  let size = done ? done + 1 : 0, n = 128, delta = 0, bias = 72, first = true;
  while (done < all.length) {
    const next = Math.min(...all.filter((c) => c >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const c of all) {
      if (c < n) delta++;
      if (c !== n) continue;
      let q = delta;
      for (let k = 36; ; k += 36) {
        const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
        size++;
        if (q < t) break;
        q = Math.floor((q - t) / (36 - t));
      }
      delta = Math.floor(first ? delta / 700 : delta / 2);
      delta += Math.floor(delta / (done + 1));
      let k = 0;
      for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
      bias = k + Math.floor((36 * delta) / (delta + 38));
      delta = 0;
      first = false;
      done++;
    }
    delta++;
    n++;
  }
  return size;
}

function labelFits(label) {
  if (ascii(label)) return label.length > 0 && label.length <= 63;
  if (points(label) > 63) return false;
  let size = -1;
  for (const part of label.split(/[.\u3002\uff0e\uff61]/)) {
    size += 1 + (ascii(part) ? part.length : 4 + codedLength(part));
  }
  return size > 0 && size <= 63;
}

function asciiHosts(host) {
  const found = [];
  ASCII_LABELS.lastIndex = 0;
  for (let labels; (labels = ASCII_LABELS.exec(host)); ) {
    const last = labels.index + labels[0].length - 1;
    for (let dot = last; dot > labels.index; dot = host.lastIndexOf(".", dot - 1)) {
      const end = tldEnd(host, dot + 1, host.length);
      if (end >= 0) {
        found.push([labels.index, end]);
        ASCII_LABELS.lastIndex = end;
        break;
      }
    }
  }
  return found;
}

function protocolStart(text, at, low) {
  if (text.slice(Math.max(0, at - 3), at) !== "://") return -1;
  for (const start of [at - 7, at - 8]) {
    if (start >= low && /^https?$/i.test(text.slice(start, at - 3))) return mayBegin(text, start) ? start : -1;
  }
  return -1;
}

// Addresses as [start, end] in UTF-16; `bare`: also those without http:// or https://.
function urls(text, bare = true) {
  const found = [];
  let at = 0, low = 0;
  for (;;) {
    DOT.lastIndex = at;
    const dot = DOT.exec(text);
    if (!dot) return found;
    let begin = dot.index;
    while (begin > at && IN_RUN.test(text[begin - 1])) begin--;
    RUN.lastIndex = begin;
    RUN.exec(text);
    at = RUN.lastIndex;
    const host = findHost(text, begin, at, low);
    if (!host) continue;
    TAIL.lastIndex = host[1];
    const rest = TAIL.exec(text);
    const start = host[0] === begin ? protocolStart(text, begin, low) : -1;
    at = host[1] + rest[0].length;
    low = at + 1;
    const name = text.slice(...host);
    const whole = text.slice(start >= 0 ? start : host[0], at);
    const protocol = start >= 0 ? text.slice(start, begin) : "https://";
    if (name.startsWith("xn--") && !asciiHosts(name).length) continue;
    if (!name.split(".").every(labelFits) || protocol.length + whole.length > LONGEST) continue;
    if (start >= 0) {
      const short = TCO.exec(whole);
      if (!short) found.push([start, at]);
      else if (short[1].length <= SLUG) found.push([start, start + short[0].length]);
    } else if (bare && (host[0] === 0 || !"-_./".includes(text[host[0] - 1]))) {
      const hosts = asciiHosts(name).map(([a, b]) => [host[0] + a, host[0] + b]);
      if (hosts.length && rest[1]) hosts.at(-1)[1] = at;
      found.push(...hosts);
    }
  }
}

// Entities. Each finder gives [kind, start, end, ...] in UTF-16.
const IN_TAG =
  raw`\p{L}\p{M}\p{Nd}_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb` +
  raw`\u3003\u0f0b\u0f0c\xb7`;
const X_MENTION =
  /(?:^|[^a-zA-Z0-9_!#$%&*@＠]|(?:^|[^a-zA-Z0-9_+~.\-])(?:rt|RT|rT|Rt):?)([@＠][a-zA-Z0-9_]{1,20}(\/[a-zA-Z][a-zA-Z0-9_\-]{0,24})?)/gu;
const MENTION_BREAKS = new RegExp(`^(?:[@＠${LATIN}]|://)`);
const X_HASHTAG = new RegExp(
  raw`(?:^|[\ufe0e\ufe0f]|[^${IN_TAG}&])([#＃](?![\ufe0f\u20e3])[${IN_TAG}]*[\p{L}\p{M}][${IN_TAG}]*)`, "gu");
const X_CASHTAG = new RegExp(
  raw`(?:^|[${SPACES}])(\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?=$|\s|[${PUNCTUATION}])`, "gu");
const B_MENTION = /(?:^|\s|\()(@([a-zA-Z0-9.-]+))\b/g;
const B_LINK = /(?:^|\s|\()([Hh][Tt][Tt][Pp][Ss]?:\/\/\S+|(?<domain>[a-zA-Z][a-zA-Z0-9]*(?:\.[a-zA-Z0-9]+)+)\S*)/g;
const THIN = raw`\u00ad\u2060\u200a\u200b\u200c\u200d\u20e2`;
const B_TAG = new RegExp(
  raw`(?:^|\s)([#＃]((?!\ufe0f)[^\s${THIN}]*[^\s0-9\p{P}${THIN}]+[^\s${THIN}]*))`, "gu");
const B_CASHTAG = /(?:^|\s|\()(\$[A-Za-z][A-Za-z0-9]{0,4})(?=$|\s|[.,;:!?)"'\u2019])/gu;
const WORD = raw`\p{L}\p{M}\p{Nd}`;
const FREE = `(?<![${WORD}_/@＠#＃&])`;
const M_MENTION = new RegExp(
  raw`${FREE}(@[A-Za-z0-9_]+(?:[.\-]+[A-Za-z0-9_]+)*(?:@[${WORD}]+(?:[.\-]+[${WORD}]+)*(?::[0-9]+)?)?)(?![${WORD}_])`,
  "gu");
const M_HASHTAG = new RegExp(raw`${FREE}([#＃][${WORD}_]*[\p{L}\p{M}][${WORD}_]*)`, "gu");
const MENTION = new RegExp(
  raw`(?<![${WORD}_/@＠#＃&.])(@[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?)(?![${WORD}_])`, "gu");

// Matches of a pattern whose last thing is group 1, as [start, end, match].
const spans = (text, pattern) => Array.from(text.matchAll(pattern), (m) => {
  const end = m.index + m[0].length;
  return [end - m[1].length, end, m];
});
const all = (kind, text, pattern) => spans(text, pattern).map(([a, b]) => [kind, a, b]);

function apart(found) {
  const kept = [];
  for (const one of found.sort((a, b) => a[1] - b[1])) {
    if (!kept.length || kept.at(-1)[2] <= one[1]) kept.push(one);
  }
  return kept;
}

const addresses = (text, bare) => urls(text, bare).map(([a, b]) => ["url", a, b]);
const hashtags = (text) =>
  all("hashtag", text, X_HASHTAG).filter(([, , b]) => !/^(?:[#＃]|:\/\/)/.test(text.slice(b, b + 3)));

function x(text) {
  const mentions = spans(text, X_MENTION)
    .filter(([, b]) => !MENTION_BREAKS.test(text.slice(b, b + 3)))
    .map(([a, b, m]) => [m[2] ? "list" : "mention", a, b]);
  return apart([...addresses(text), ...mentions, ...hashtags(text), ...all("cashtag", text, X_CASHTAG)]);
}

const knownDomain = (name) => name.includes(".") && plain.has(name.slice(name.lastIndexOf(".") + 1));

function blueskyLink(m) {
  let uri = m[1], added = 0;
  if (m.groups.domain || !uri.startsWith("http")) {
    if (!m.groups.domain || !knownDomain(m.groups.domain)) return null;
    uri = `https://${uri}`;
    added = 8;
  }
  if (".,;:!?".includes(uri.at(-1))) uri = uri.slice(0, -1);
  if (uri.endsWith(")") && !uri.includes("(")) uri = uri.slice(0, -1);
  return [uri.length - added, uri];
}

function bluesky(text) {
  const found = [];
  for (const [a, , m] of spans(text, B_LINK)) {
    const link = blueskyLink(m);
    if (link) found.push(["url", a, a + link[0], link[1]]);
  }
  for (const [a, b, m] of spans(text, B_MENTION)) {
    if (knownDomain(m[2]) || m[2].endsWith(".test")) found.push(["mention", a, b, m[2]]);
  }
  for (const [a, , m] of spans(text, B_TAG)) {
    const tag = m[2].replace(/\p{P}+$/u, "");
    if (tag && tag.length <= 64) found.push(["hashtag", a, a + 1 + tag.length, tag]);
  }
  for (const [a, b, m] of spans(text, B_CASHTAG)) found.push(["cashtag", a, b, m[1].toUpperCase()]);
  return apart(found);
}

const mastodon = (text) =>
  apart([...addresses(text, false), ...all("mention", text, M_MENTION), ...all("hashtag", text, M_HASHTAG)]);
const common = (text) => apart([...addresses(text), ...all("mention", text, MENTION), ...hashtags(text)]);

// Lengths.
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const graphemes = (text) => { let n = 0; for (const _ of segmenter.segment(text)) n++; return n; };
const LIGHT = /[\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+/gu;
const EMOJI = new RegExp(
  raw`[⌚⌛◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯]\ufe0f|[#*0-9]\u20e3|👁\u200d🗨|\p{RGI_Emoji}`, "gv");
const TONED = raw`[\ufe0f\u{1f3fb}-\u{1f3ff}]`;
const THREADS_EMOJI = new RegExp(
  raw`[#*0-9]\ufe0f?\u20e3|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}${TONED})` +
  raw`(?:${TONED}|[\u{e0020}-\u{e007f}])*(?:\u200d\p{Extended_Pictographic}${TONED}*)*`, "gu");
const weight = (text) => points(text) + points(text.replace(LIGHT, ""));

function xLength(given) {
  const text = given.normalize("NFC");
  const found = urls(text);
  const pieces = [];
  let at = 0;
  for (const [start, end] of found) {
    pieces.push(text.slice(at, start));
    at = end;
  }
  const rest = [...pieces, text.slice(at)].join("\n"); // a break keeps an emoji from forming across an address
  let total = URL_LENGTH * found.length + weight(rest) - found.length;
  for (const [emoji] of rest.matchAll(EMOJI)) total += 2 - Math.max(2, weight(emoji));
  return total;
}

function mastodonLength(text) {
  const pieces = [];
  let at = 0;
  for (const [kind, start, end] of mastodon(text)) {
    if (kind === "hashtag") continue;
    pieces.push(text.slice(at, start));
    pieces.push(kind === "url" ? "x".repeat(URL_LENGTH) : `@${text.slice(start + 1, end).split("@")[0]}`);
    at = end;
  }
  return graphemes([...pieces, text.slice(at)].join(""));
}

const threadsLength = (text) =>
  Array.from(text.matchAll(THREADS_EMOJI), ([m]) => bytes(m) - points(m)).reduce((a, b) => a + b, points(text));

// What is refused besides length, in the sentences of the engine.
const number = (n) => n.toLocaleString("en-US");
const tooLong = (over, most, unit, name) =>
  `The text is ${number(over)} ${unit}${over === 1 ? "" : "s"} too long for ${name}, which takes ${number(most)}.`;
const BLUESKY_BYTES = 3000;

function refuseX(text) {
  if (!text) return ["There is no text yet."];
  const refused = new RegExp(`[${REFUSED}]`).exec(text)?.[0];
  return refused ? [`X refuses the character U+${refused.charCodeAt(0).toString(16).toUpperCase()}.`] : [];
}

function refuseBluesky(text) {
  const over = bytes(text) - BLUESKY_BYTES;
  return over > 0 ? [tooLong(over, BLUESKY_BYTES, "byte", "Bluesky")] : [];
}

function refuseThreads(text) {
  const links = new Set(common(text).filter(([kind]) => kind === "url").map(([, a, b]) => text.slice(a, b)));
  return links.size > 5 ? [`Threads takes at most 5 different links; there are ${links.size}.`] : [];
}

function refuseInstagram(text) {
  const kinds = common(text).map(([kind]) => kind);
  return [["hashtag", 30], ["mention", 20]].flatMap(([kind, most]) => {
    const there = kinds.filter((k) => k === kind).length;
    return there > most ? [`Instagram takes at most ${most} ${kind}s; there are ${there}.`] : [];
  });
}

const refuseYoutube = (text) => (/[<>]/.test(text) ? ["YouTube refuses the characters < and >."] : []);

const rule = (name, limit, length, refuse = () => [], find = common, unit = "character") =>
  ({ name, limit, length, refuse, find, unit });
const RULES = {
  "x": rule("X", 280, xLength, refuseX, x),
  "bluesky": rule("Bluesky", 300, graphemes, refuseBluesky, bluesky),
  "mastodon": rule("Mastodon", 500, mastodonLength, undefined, mastodon),
  "sandbox": rule("the Sandbox", 500, points),
  "threads": rule("Threads", 500, threadsLength, refuseThreads),
  "linkedin": rule("LinkedIn", 3000, points),
  "instagram": rule("Instagram", 2200, points, refuseInstagram),
  "facebook": rule("Facebook", 63206, points),
  "tiktok": rule("TikTok", 2200, (text) => text.length),
  "youtube": rule("a YouTube description", 5000, bytes, refuseYoutube, common, "byte"),
  "youtube-title": rule("a YouTube title", 100, points, refuseYoutube),
  "pinterest": rule("a Pinterest description", 500, points),
  "pinterest-title": rule("a Pinterest title", 100, points),
};
export const NETWORKS = Object.keys(RULES);

export class BadText extends Error {}
export class LoneSurrogate extends BadText {}
export class UnknownNetwork extends BadText {}
export class BadLimit extends BadText {}

function checked(text) {
  if (typeof text !== "string") throw new BadText(`A text is a string, not ${typeof text}.`);
  const lone = text.search(/\p{Surrogate}/u);
  if (lone >= 0) {
    const at = points(text.slice(0, lone));
    throw new LoneSurrogate(`The text holds half a character (a lone surrogate) at index ${at}.`);
  }
}

function ruleOf(network) {
  if (Object.hasOwn(RULES, network)) return RULES[network];
  throw new UnknownNetwork(`There are no text rules for “${network}”; there are for ${NETWORKS.join(", ")}.`);
}

/** {length, limit, valid, reasons} of `text` on `network`; see quarterdeck/engines/text.py. */
export function count(text, network, limit = null) {
  checked(text);
  const { name, limit: usual, length: measure, refuse, unit } = ruleOf(network);
  const most = limit ?? usual;
  if (!Number.isInteger(most) || most < 0) {
    throw new BadLimit(`A limit is a whole number, zero or more, not ${most}.`);
  }
  const length = measure(text);
  const reasons = [...(length > most ? [tooLong(length - most, most, unit, name)] : []), ...refuse(text)];
  return { length, limit: most, valid: !reasons.length, reasons };
}

/** [{kind, start, end, text}] that `network` will link, start and end in code points. */
export function entities(text, network = "x") {
  checked(text);
  return ruleOf(network).find(text).map(([kind, a, b]) => (
    { kind, start: points(text.slice(0, a)), end: points(text.slice(0, b)), text: text.slice(a, b) }));
}

const FEATURES = { url: "link", mention: "mention", hashtag: "tag", cashtag: "tag" };

/** [{kind, start, end, value}] of a Bluesky post, start and end in bytes of UTF-8. */
export function facets(text) {
  checked(text);
  return bluesky(text).map(([kind, a, b, value]) => (
    { kind: FEATURES[kind], start: bytes(text.slice(0, a)), end: bytes(text.slice(0, b)), value }));
}
