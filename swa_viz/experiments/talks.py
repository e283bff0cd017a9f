"""Conversations and documents with something to remember, all written for this lab.

In each of them the beginning could name several people or things, and nothing else in the text says
which.  So the right answer is only known to whoever still reads the beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """What is said first for each answer, the lines after it, and the question at the end.

    The first answer that follows the question is right; the lines are the same for all of them.
    """

    openings: Mapping[str, str]
    lines: tuple[str, ...]
    question: str

    @property
    def answers(self) -> tuple[str, ...]:
        """What could be answered; each of them is right in turn."""
        return tuple(self.openings)

    def prompt(self, right: str) -> str:
        r"""The text in which `right` is the answer.

        >>> Talk({" A": "A won.", " B": "B won."}, ("Oh.",), " Who? It was").prompt(" A")
        'A won.\nOh. Who? It was'
        """
        return "\n".join((self.openings[right], *self.lines)) + self.question


def with_gap(sentence: str, answers: str) -> dict[str, str]:
    """The same sentence for each answer, with the answer in it.

    >>> with_gap("{} won.", "A B")
    {' A': 'A won.', ' B': 'B won.'}
    """
    return {f" {answer}": sentence.format(answer) for answer in answers.split()}


def turns(speakers: str, sentences: str) -> tuple[str, ...]:
    """One sentence for each line, said by the speakers in turn: each of them says equally much.

    >>> turns("A B", "Yes. | No? | Well.")
    ('"Yes," said A.', '"No?" said B.', '"Well," said A.')
    """
    names = speakers.split()
    said = (each.strip() for each in sentences.split(" | "))
    closed = (f"{each[:-1]}," if each.endswith(".") else each for each in said)
    return tuple(f'"{each}" said {names[i % len(names)]}.' for i, each in enumerate(closed))


CONVERSATIONS: dict[str, Talk] = {
    "trip": Talk(
        with_gap('"I will bring the green tent of my grandmother," said {}.', "Anna David Peter"),
        turns(
            "Anna David Peter",
            "How far is it to the lake? | About two hours on foot. | Then we should leave "
            "early. | It may rain on Saturday. | The path is steep after the bridge. | My shoes "
            "are old but good. | Is there water on the way? | There is a well near the mill. | "
            "Last year it was dry. | We can fill the bottles here. | And what do we eat? | "
            "Bread and cheese will do. | I would like some apples. | The market is open on "
            "Friday. | Good, then all is settled.",
        ),
        '\n\nWho was it? "I will bring the green tent of my grandmother," said',
    ),
    "office": Talk(
        with_gap('"I spilled tea on the printer of the manager," said {}.', "Mary John Tom"),
        turns(
            "Mary John Tom",
            "Well, these things happen. | Did the letters go out? | Half of them did. | The "
            "others can wait until noon. | Has the coffee arrived? | It is in the kitchen. | "
            "The new chairs are too low. | Mine is fine. | We could ask for cushions. | The "
            "meeting begins at ten. | Who is coming to it? | Two people from the bank. | Then "
            "we need the large room. | It is free all morning. | Let us go there now.",
        ),
        '\n\nWho was it? "I spilled tea on the printer of the manager," said',
    ),
    "choir": Talk(
        with_gap('"I lost the iron key to the church on the hill," said {}.', "Sarah Paul Emma"),
        turns(
            "Sarah Paul Emma",
            "We can still sing in the school. | The piano there is out of tune. | Nobody will "
            "hear it. | Which song comes first? | The slow one from last week. | I do not know "
            "the second verse. | It is on the back of the sheet. | The light is poor in that "
            "room. | We could open the curtains. | Are the children singing too? | Only the "
            "older ones. | Then we need more chairs. | There are some in the cellar. | Fine, we "
            "begin at seven. | See you all there.",
        ),
        '\n\nWho was it? "I lost the iron key to the church on the hill," said',
    ),
    "kitchen": Talk(
        with_gap('"I ate the last piece of the lemon cake," said {}.', "James Kate Robert"),
        turns(
            "James Kate Robert",
            "There is still some soup. | It is too hot for soup. | Then let us make a salad. | "
            "We have no oil left. | The shop closes at six. | I can be there in time. | Bring "
            "some lemons as well. | How many do you want? | Three or four. | The guests come at "
            "eight. | Is the table large enough? | We can sit outside. | The evenings are warm "
            "now. | Somebody should feed the dog. | I will do it later.",
        ),
        '\n\nWho was it? "I ate the last piece of the lemon cake," said',
    ),
}
DOCUMENTS: dict[str, Talk] = {
    "mill": Talk(
        with_gap("The old mill was built by a family from {}.", "France Italy Spain"),
        (
            "It stands where the river turns to the south, and its wheel is made of oak.",
            "For many years the farmers of the valley brought their grain to it.",
            "In a wet spring the water rose so high that the lower floor had to be given up.",
            "Later the wheel drove a saw, and after the war it made light for a few houses.",
            "Today a school uses the upper floor, and the children keep bees in the garden.",
            "On Sundays one can see the stones turn and buy a loaf of bread at the door.",
        ),
        "\n\nThe family that built the old mill came from",
    ),
    "report": Talk(
        with_gap("The bridge will be painted {}.", "red green blue"),
        (
            "The report of the council begins with the costs, which are lower than expected.",
            "Two of the five piers need new stone, and the work on them takes one summer.",
            "During that time the traffic uses the road along the canal.",
            "The council thanks the firms that sent their plans and will answer all of them.",
            "A second meeting is planned for the autumn, when the prices are known.",
            "Citizens may read the plans in the town hall on every working day.",
        ),
        "\n\nSo they decided that the bridge will be painted",
    ),
    "letter": Talk(
        with_gap("My sister has moved to a village near {}.", "London Paris Rome"),
        (
            "She likes the quiet there, although the shops are far away.",
            "We have had a good summer, and the tomatoes were the best for years.",
            "The cat sleeps all day in the basket that you gave us.",
            "Next week the roof will be repaired, because the rain came in again.",
            "The neighbours have bought a horse, and the children want to ride it.",
            "Write to us soon and tell us how your work is going.",
        ),
        "\n\nThe village to which my sister has moved is near",
    ),
}
MEETING = Talk(
    {
        " bridge": '"The ferry is too slow, and the river is wide," said Clara. "We want to walk '
        'across," said Henry. "Two stone arches would carry it," said Clara.',
        " garden": '"The roses need more sun," said Clara. "We could plant beans there," said '
        'Henry. "The beds want water every evening," said Clara.',
        " school": '"The children sit too close," said Clara. "We need two more teachers," said '
        'Henry. "The lessons could begin at nine," said Clara.',
        " ship": '"The sails are torn," said Clara. "The captain wants a new mast," said Henry. '
        '"She cannot leave the harbour like this," said Clara.',
    },
    turns(
        "Henry Clara",
        "How much would it cost? | More than we have now. | We could ask the town for help. | The "
        "answer will take a month. | Then let us write today. | Who knows the address? | It is in "
        "the blue book. | I will look for it after supper. | Has anybody else a question? | No, I "
        "think that was all. | Good, we meet again on Monday. | Thank you for coming.",
    ),
    "\n\nWhat had they talked about? They had talked about the",
)
