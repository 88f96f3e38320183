"""Words that hashtags are often made of, so that one in small letters can be taken apart. English and German; a
draft's own words are added to them."""

from __future__ import annotations

import functools

_WORDS = """
about after all and art autumn award back bakery bar beach beauty behind best better big bike bio birthday black blue
book books bread breakfast brunch building business cafe cake campaign can care challenge change chef child children
christmas city class climate coffee community company cook cooking creative culture cup customer customers daily day
days deal deals december design digital dinner discount do dog drink easter eat energy event events every family farm
farmer fashion fast favourite festival film find first fish fit fitness flower follow food for forest fresh free friday
friend friends from fruit fun future game garden gift girl give good great green grow guide hack hair halloween hand
happy harbour health healthy help home hotel house how ice idea ideas in inspiration inspired is it january job jobs
journey joy july june kids kitchen know land launch learn learning life like link live local look love lunch made
magic make maker march market marketing may media meet menu mind monday money month morning motivation mountain music my
nature new news next night november now october of offer office on one online open opening order organic our out own
parents park party people photo picture place plan plant plastic play podcast post product project quality ready real
recipe recipes red rest restaurant road run sale saturday save school sea season september service shop shopping show
sky small smile social soup space special spring start story street style summer sun sunday sustainable table take talk
taste tea teacher team tech table thank thanks the thing things this thursday time tip tips to today together tour town
travel tree trip true tuesday up us vegan vegetarian video view visit walk water way we wedding wednesday week weekend
wild wine winter with woman women work working world year yoga you young your zero
alle am auf aus bei bio brot das der die ein eine essen fest frisch garten genuss gut hafen heute kaffee karte kinder
küche kultur laden leben liebe markt menü mit mittag mode morgen musik natur neu oder rezept schön sommer sonne spaß
stadt suppe tag team teller tisch und unser urlaub von wein welt wetter wir woche wohnen zeit zuhause
"""


@functools.cache
def words() -> frozenset[str]:
    return frozenset(_WORDS.split())
