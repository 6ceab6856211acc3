package handler

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"

	"orderops/workflow"
)

// Stock is the stock payment processor or restaurant: it fails by chance. The
// chance is drawn from seed and order id, so that the same order always meets
// the same fate: no call is counted twice, and rehearsals can be repeated.
type Stock struct {
	role string
	seed string
	rate float64
	// messages are the failures, each as likely as another.
	messages []string
}

// NewStockPayer is the stock payment processor. rate is the share of orders
// that it declines, from 0 to 1.
func NewStockPayer(seed string, rate float64) (*Stock, error) {
	return newStock("payment", seed, rate, "could not contact payment processor", "payment method declined", "unknown error")
}

// NewStockKitchen is the stock restaurant. rate is the share of orders that it
// does not take, from 0 to 1.
func NewStockKitchen(seed string, rate float64) (*Stock, error) {
	return newStock("restaurant", seed, rate, "could not contact restaurant", "could not understand order", "unknown error")
}

func newStock(role, seed string, rate float64, messages ...string) (*Stock, error) {
	if !(rate >= 0 && rate <= 1) { // also refuses NaN
		return nil, fmt.Errorf("a failure rate is from 0 to 1, not %v", rate)
	}
	return &Stock{role: role, seed: seed, rate: rate, messages: messages}, nil
}

// Pay is Payer.
func (s *Stock) Pay(ctx context.Context, id workflow.OrderID, _ Event) (Result, error) {
	return s.draw(ctx, id)
}

// Send is Kitchen.
func (s *Stock) Send(ctx context.Context, id workflow.OrderID, _ Event) (Result, error) {
	return s.draw(ctx, id)
}

func (s *Stock) draw(ctx context.Context, id workflow.OrderID) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s", s.role, s.seed, id))
	chance := float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53) // from 0 to below 1
	if chance >= s.rate {
		return Result{Status: StatusOK}, nil
	}
	which := int(binary.BigEndian.Uint32(sum[8:12]) & math.MaxInt32)
	return Result{Status: StatusError, ErrorMessage: s.messages[which%len(s.messages)]}, nil
}
