package monitor

import (
	"cmp"
	"iter"
)

// roster keeps keys in the order in which they were last touched, oldest first.
// Every method costs the same whatever its length.
type roster[K cmp.Ordered] struct {
	// ring is between the newest and the oldest and holds no key.
	ring *place[K]
	at   map[K]*place[K]
}

// place is where a key stands. container/list would take twice the memory, and
// there is one for each order.
type place[K cmp.Ordered] struct {
	key          K
	older, newer *place[K]
}

func newRoster[K cmp.Ordered]() roster[K] {
	ring := &place[K]{}
	ring.older, ring.newer = ring, ring
	return roster[K]{ring: ring, at: map[K]*place[K]{}}
}

// touch adds the key, or makes it the newest.
func (r *roster[K]) touch(key K) {
	p, ok := r.at[key]
	if ok {
		p.leave()
	} else {
		p = &place[K]{key: key}
		r.at[key] = p
	}
	p.older, p.newer = r.ring.older, r.ring
	p.older.newer, r.ring.older = p, p
}

func (r *roster[K]) drop(key K) {
	if p, ok := r.at[key]; ok {
		p.leave()
		delete(r.at, key)
	}
}

func (p *place[K]) leave() { p.older.newer, p.newer.older = p.newer, p.older }

// first are up to most keys, those that were not touched for longest first.
func (r *roster[K]) first(most int) iter.Seq[K] {
	return func(yield func(K) bool) {
		for p := r.ring.newer; p != r.ring && most > 0; p = p.newer {
			if !yield(p.key) {
				return
			}
			most--
		}
	}
}

// last are all keys, the newest touched first.
func (r *roster[K]) last() iter.Seq[K] {
	return func(yield func(K) bool) {
		for p := r.ring.older; p != r.ring; p = p.older {
			if !yield(p.key) {
				return
			}
		}
	}
}

// oldest is the key that was not touched for longest; false when there is none.
func (r *roster[K]) oldest() (key K, ok bool) {
	return r.ring.newer.key, r.ring.newer != r.ring
}

func (r *roster[K]) len() int { return len(r.at) }
