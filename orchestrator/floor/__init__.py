"""Any room can speak: raised hands, the floor given and taken back, written questions, a private word with one site."""
