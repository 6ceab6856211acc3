package sqs

import (
	"cmp"
	"slices"
	"time"
)

// pile is messages in order, the one that is due first in front. A message lies
// in one pile.
type pile []*message

func order(a, b *message) int {
	return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.serial, b.serial))
}

// add lays a message that lies nowhere into the pile.
func (p *pile) add(m *message, due time.Time) {
	m.pile, m.due = p, due
	at, _ := slices.BinarySearchFunc(*p, m, order)
	*p = slices.Insert(*p, at, m)
}

// lift takes the message out of its pile.
func (m *message) lift() {
	at, _ := slices.BinarySearchFunc(*m.pile, m, order)
	if at == 0 { // the usual case, and cheap
		*m.pile = (*m.pile)[1:]
	} else {
		*m.pile = slices.Delete(*m.pile, at, at+1)
	}
	m.pile = nil
}

// first is the message in front, nil when the pile is empty.
func (p pile) first() *message {
	if len(p) == 0 {
		return nil
	}
	return p[0]
}
