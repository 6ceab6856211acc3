package monitor

import (
	"cmp"
	"container/list"
	"iter"
)

// roster keeps keys in the order in which they were last touched, oldest first.
// Every method costs the same whatever its length.
type roster[K cmp.Ordered] struct {
	order *list.List
	at    map[K]*list.Element
}

func newRoster[K cmp.Ordered]() roster[K] {
	return roster[K]{order: list.New(), at: map[K]*list.Element{}}
}

// touch adds the key, or makes it the newest.
func (r *roster[K]) touch(key K) {
	if e, ok := r.at[key]; ok {
		r.order.MoveToBack(e)
		return
	}
	r.at[key] = r.order.PushBack(key)
}

func (r *roster[K]) drop(key K) {
	if e, ok := r.at[key]; ok {
		r.order.Remove(e)
		delete(r.at, key)
	}
}

// first are up to most keys, those that were not touched for longest first.
func (r *roster[K]) first(most int) iter.Seq[K] {
	return func(yield func(K) bool) {
		for e := r.order.Front(); e != nil && most > 0; e = e.Next() {
			key, _ := e.Value.(K)
			if !yield(key) {
				return
			}
			most--
		}
	}
}

// last are all keys, the newest touched first.
func (r *roster[K]) last() iter.Seq[K] {
	return func(yield func(K) bool) {
		for e := r.order.Back(); e != nil; e = e.Prev() {
			key, _ := e.Value.(K)
			if !yield(key) {
				return
			}
		}
	}
}

// oldest is the key that was not touched for longest; false when there is none.
func (r *roster[K]) oldest() (key K, ok bool) {
	if e := r.order.Front(); e != nil {
		key, ok = e.Value.(K)
	}
	return key, ok
}

func (r *roster[K]) len() int { return len(r.at) }
