package sqs

// LimitInFlight lowers the number of messages that a queue can have in flight.
func (s *Service) LimitInFlight(n int) { s.maxInFlight = n }
