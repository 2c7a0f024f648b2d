"""What leaves the house: the finished document with its proof, its signature, the packet, the e-mail draft."""
