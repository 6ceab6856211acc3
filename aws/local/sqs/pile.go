package sqs

import "container/heap"

// The piles that a message can lie in; each is an index of message.slots.
const (
	pileAge     = iota // all messages of the queue, oldest first
	pileVisible        // the visible ones, oldest first
	pileHidden         // the others, next to appear first
	pileCount
)

// pile is a heap of messages in which each message knows its position, so that
// any of them can be taken out in logarithmic time.
type pile struct {
	slot     int
	before   func(a, b *message) bool
	messages []*message
}

// Len is the number of messages.
func (p *pile) Len() int { return len(p.messages) }

// Less orders two positions.
func (p *pile) Less(i, j int) bool { return p.before(p.messages[i], p.messages[j]) }

// Swap exchanges two positions.
func (p *pile) Swap(i, j int) {
	p.messages[i], p.messages[j] = p.messages[j], p.messages[i]
	p.messages[i].slots[p.slot], p.messages[j].slots[p.slot] = i, j
}

// Push belongs to container/heap; use add.
func (p *pile) Push(x any) {
	m, ok := x.(*message)
	if !ok {
		return
	}
	m.slots[p.slot] = len(p.messages)
	p.messages = append(p.messages, m)
}

// Pop belongs to container/heap; use remove.
func (p *pile) Pop() any {
	last := len(p.messages) - 1
	m := p.messages[last]
	p.messages[last] = nil
	p.messages = p.messages[:last]
	return m
}

func (p *pile) add(m *message)    { heap.Push(p, m) }
func (p *pile) remove(m *message) { heap.Remove(p, m.slots[p.slot]) }

// first is the message on top, nil when the pile is empty.
func (p *pile) first() *message {
	if len(p.messages) == 0 {
		return nil
	}
	return p.messages[0]
}

func older(a, b *message) bool {
	if !a.sent.Equal(b.sent) {
		return a.sent.Before(b.sent)
	}
	return a.serial < b.serial
}

func sooner(a, b *message) bool {
	if !a.appears.Equal(b.appears) {
		return a.appears.Before(b.appears)
	}
	return older(a, b)
}
