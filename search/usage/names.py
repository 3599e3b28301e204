"""Frequent Danish names, to leave searches for people out of the counts. Names that are everyday words are not here.

A search with a surname, or with a given name and another word, is not counted; what is not known here meets the threshold.
"""

from typing import Final

SURNAMES: Final = frozenset(
    """
    jensen nielsen hansen pedersen andersen christensen larsen sørensen rasmussen jørgensen petersen madsen kristensen olsen
    thomsen christiansen poulsen johansen møller mortensen knudsen jakobsen jacobsen mikkelsen olesen frederiksen laursen
    henriksen lund holm schmidt eriksen kristiansen clausen simonsen svendsen andreasen iversen østergaard jeppesen mogensen
    jespersen nissen lauridsen frandsen jepsen kjær vestergaard jessen dahl christoffersen carlsen lassen nygaard bertelsen
    søndergaard johnsen mathiesen friis kruse winther hermansen bruun bech nørgaard steffensen lorenzen paulsen lauritsen
    villadsen bang gregersen juhl bak dam davidsen kjeldsen overgaard thygesen kofoed toft berthelsen bendtsen ibsen karlsen
    therkildsen juul ottosen michelsen daugaard skov damgaard andreassen hedegaard gade kjærgaard krogh sloth klausen ahmed
    mohamed ali hussein hassan nguyen khan bjerregaard bjerre buch thorsen torp enevoldsen ravn hald abildgaard brandt
    asmussen marcussen markussen danielsen petersen ludvigsen josefsen samuelsen isaksen thomassen antonsen bendixen
    dalsgaard lindegaard holst holmgaard lykkegaard mølgaard nørregaard riis riisgaard skovgaard skaarup skytte stougaard
    svenningsen tønnesen westergaard yilmaz ørsted aagaard aaen
    """.split()  # noqa: SIM905 - one list of names is easier to read and to add to
) - frozenset({"skov", "gade", "dam", "bak", "bang", "brandt", "ravn", "toft", "holm", "lund", "kruse", "buch"})

GIVEN_NAMES: Final = frozenset(
    """
    anne mette kirsten hanne anna helle susanne lene maria marianne lone inge camilla pia karen charlotte louise bente jette
    tina julie lise christina inger ida birgitte ulla maja line emma rikke sofie mathilde gitte katrine kathrine cecilie
    signe sara sarah laura caroline ditte trine dorthe dorte lis birthe vibeke annette anette berit britta bodil ellen elsa
    elisabeth eva freja frederikke grete grethe gunhild heidi henriette ingrid jane janne jeanette jonna josefine jytte karin
    karina kamilla katja kristina lisbeth liselotte lotte malene margit margrethe maren maiken mia michelle mona monica nanna
    natasja nina pernille randi rebecca rita ruth sabrina sanne simone sine solveig stine sussi sus tanja therese tove
    ursula vivi winnie yvonne zainab fatima aisha aya amina
    peter jens lars michael henrik thomas søren jan niels christian martin jørgen hans anders morten jesper ole per mads
    erik rasmus kim torben mikkel kristian ulrik claus klaus finn frank brian bo bjarne benny carsten karsten casper kasper
    daniel david dennis ebbe egon emil esben ernst flemming frederik frode gert gunnar gustav hasse helge henning holger
    ivan jacob jakob jeppe jimmy joachim johannes johnny jonas jon kaj karl keld kenneth kent kenny kjeld knud kurt leif
    lasse lucas ludvig magnus malthe marcus mark mathias mogens nicolai nikolaj oliver oscar otto palle patrick paul
    philip poul preben rene richard robert roland rune simon sebastian stefan steen sten stig svend sven tage tobias tommy
    tonny troels uffe valdemar victor viggo villads villy william oluf mohammad muhammed hassan ibrahim mustafa omar yusuf
    """.split()  # noqa: SIM905
) - frozenset({"per", "mark", "sten", "kent", "rene", "sine", "line", "sus", "jon", "bo", "eva", "tage"})
