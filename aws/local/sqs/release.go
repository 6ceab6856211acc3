package sqs

import "time"

// received names a received message by its handle: a DeleteMessage or
// ChangeMessageVisibility request, or an entry of a batch of them.
type received struct {
	queueInput
	Id                string // only in a batch
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (r *received) id() string { return r.Id }

func (*received) size() int { return 0 }

// done is the answer: {} outside a batch.
type done struct {
	Id string `json:",omitempty"`
}

// deleteMessage deletes by receipt handle; an old handle changes nothing.
func (s *Service) deleteMessage(q *queue, r *received, _ time.Time) (done, error) {
	m, err := q.holder(r.ReceiptHandle)
	if m == nil {
		return done{r.Id}, err
	}
	q.deletedCount++
	if s.survives(m) {
		m.receipt = ""
	} else {
		q.remove(m)
	}
	return done{r.Id}, nil
}

// changeMessageVisibility restarts the visibility timeout. It also works after
// the timeout is over, as long as nobody received the message again: AWS answers
// 200 there, and the message is then hidden anew.
func (s *Service) changeMessageVisibility(q *queue, r *received, now time.Time) (done, error) {
	m, err := q.holder(r.ReceiptHandle)
	switch n := r.VisibilityTimeout; {
	case err != nil:
		return done{}, err
	case n == nil:
		return done{}, missingParameter(visibilityTimeout)
	case *n < 0 || *n > 43_200:
		return done{}, invalidValue(*n, visibilityTimeout, "VisibilityTimeout must be an integer between 0 and 43200.")
	case m == nil:
		return done{}, invalidValue(r.ReceiptHandle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
	case *n == 0 && m.pile == &q.visible:
	case *n == 0:
		q.show(m)
	default:
		until := now.Add(time.Duration(*n) * time.Second)
		if until.After(m.leased.Add(maxVisibility)) {
			return done{}, invalidValue(*n, visibilityTimeout, "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].")
		}
		q.hide(m, &q.inFlight, until)
	}
	return done{r.Id}, nil
}
