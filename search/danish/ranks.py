"""What names are ranked by, beside the words themselves: it forgives endings, another order and slips of the pen."""

import re
from dataclasses import dataclass
from typing import Final

from search.danish.compounds import parts
from search.danish.normalise import STOP_WORDS, clean, words

# A beginning of five letters stands for a part of a compound in all its forms.
_PIECE = 5
_GRAM = 3
# Stands for a space in a group of letters; in no folded word.
_SPACE = "_"
# The 120 most frequent groups in Danish names of occupations and skills (ESCO): endings and small words. They are four
# fifths of what an engine would have to read, and names are ranked as well without them.
_COMMON_GRAMS: Final = frozenset(
    re.findall(
        r"\w+",
        "_af,_an,_be,_fo,_i_,_in,_ko,_ma,_me,_og,_op,_pr,_re,_st,_te,_ti,_ud,af_,and,arb,are,ati,bej,de_,del,den,"
        "der,e_a,e_f,e_k,e_m,e_o,e_p,e_s,e_t,ed_,ede,ejd,ekn,els,en_,ent,er_,era,ere,eri,erv,est,et_,for,før,ge_,"
        "ger,hed,il_,ind,ine,ing,ion,isk,ist,jde,ke_,ker,kin,kke,kni,kon,le_,ler,lig,lin,lle,lse,med,n_f,nde,ne_,"
        "ner,ng_,nge,ngs,nik,nin,nis,nst,nte,og_,old,ons,or_,per,pro,r_i,r_t,rat,rbe,re_,rer,rin,se_,ser,sk_,ske,"
        "ski,ste,sti,str,sty,tek,ter,til,tio,tyr,tør,ukt,und,ver,ør_,øre",
    )
)


@dataclass(frozen=True, slots=True)
class RankTokens:
    """What names are ranked by, each with its weight: pieces of compounds (cut short), and groups of three letters."""

    pieces: tuple[tuple[str, float], ...] = ()
    grams: tuple[tuple[str, float], ...] = ()


NOTHING_RANKED = RankTokens()


def rank_tokens(text: str) -> RankTokens:
    """Return what a name, or a question that is about names, is ranked by; each once, with weight 1."""
    found = words(clean(text))
    telling = [word for word in found if word not in STOP_WORDS] or found
    pieces = [part[:_PIECE] for word in telling for part in parts(word)]
    return RankTokens(_weighed(pieces), _weighed(_grams(found)))


def _grams(found: list[str]) -> list[str]:
    if not found:
        return []
    line = _SPACE + _SPACE.join(found) + _SPACE
    grams = [line[start : start + _GRAM] for start in range(len(line) - _GRAM + 1)]
    # A name such as "Tester" has nothing else.
    return [gram for gram in grams if gram not in _COMMON_GRAMS] or grams


def _weighed(found: list[str]) -> tuple[tuple[str, float], ...]:
    return tuple((token, 1.0) for token in dict.fromkeys(found))
